/** Spans and the duration metric of a client, by OpenTelemetry. */
module io.cachewire.opentelemetry {
    requires transitive io.cachewire;
    requires transitive io.opentelemetry.api;
    requires static transitive org.jspecify;
    requires io.opentelemetry.context;

    exports io.cachewire.opentelemetry;
}
