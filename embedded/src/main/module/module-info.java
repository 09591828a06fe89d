/** An in-process memcached server for quick starts and unit tests. */
module io.cachewire.embedded {
    requires static transitive org.jspecify;

    exports io.cachewire.embedded;
}
