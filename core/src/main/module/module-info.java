/** The client: API, routing and the SPI of serdes. What it does not export may change at any time. Decided in docs/decisions/0072-module-descriptors.md. */
module io.cachewire {
    requires transitive kotlin.stdlib;
    requires transitive kotlinx.coroutines.core;
    requires static transitive org.jspecify;
    // for JfrListener only, which says so where it is missing
    requires static jdk.jfr;
    requires io.ktor.network;
    requires org.slf4j;

    exports io.cachewire;
    exports io.cachewire.admin;
    exports io.cachewire.meta;
    exports io.cachewire.observe;
    exports io.cachewire.routing;
    exports io.cachewire.serde;
}
