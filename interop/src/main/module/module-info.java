/** Presets, flags and value formats of other memcached clients. */
module io.cachewire.interop {
    requires transitive io.cachewire;

    exports io.cachewire.interop;
}
