module com.example.cache {
    requires io.cachewire;
    requires io.cachewire.verification.consumers;
}
