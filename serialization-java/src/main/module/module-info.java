/** Values by Java serialization behind a mandatory object-input filter. */
module io.cachewire.serialization.java {
    requires transitive io.cachewire;

    exports io.cachewire.serialization.java;
}
