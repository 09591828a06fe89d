/** Token buckets of Bucket4j in memcached. */
module io.cachewire.bucket4j {
    requires transitive io.cachewire;
    requires transitive io.github.bucket4j.core;

    exports io.cachewire.bucket4j;
}
