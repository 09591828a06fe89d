package io.cachewire.opentelemetry;

import io.cachewire.architecture.ApiDumpTest;

class OpenTelemetryApiDumpTest extends ApiDumpTest {
    OpenTelemetryApiDumpTest() {
        super("cachewire-opentelemetry");
    }
}
