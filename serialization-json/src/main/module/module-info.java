/** Values as plain JSON, by kotlinx.serialization. */
module io.cachewire.serialization.json {
    requires transitive io.cachewire;
    requires transitive kotlinx.serialization.core;
    requires transitive kotlinx.serialization.json;

    exports io.cachewire.serialization.json;
}
