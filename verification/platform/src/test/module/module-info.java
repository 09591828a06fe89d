module films {
    requires io.cachewire.embedded;
    requires io.cachewire.serialization.jackson;
    requires io.cachewire.serialization.jackson3;
    requires io.cachewire.serialization.java;

    opens films;
}
