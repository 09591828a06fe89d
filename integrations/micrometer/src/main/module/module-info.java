/** Meters and observations of a client, by Micrometer. */
module io.cachewire.micrometer {
    requires transitive io.cachewire;
    requires transitive micrometer.commons;
    requires transitive micrometer.core;
    requires transitive micrometer.observation;
    // for LoadingCacheMetrics only
    requires static transitive io.cachewire.loading;
    requires static transitive org.jspecify;
    requires org.slf4j;

    exports io.cachewire.micrometer;
}
