module films {
    requires io.cachewire.embedded;
    requires io.cachewire.serialization.java;

    opens films;
}
