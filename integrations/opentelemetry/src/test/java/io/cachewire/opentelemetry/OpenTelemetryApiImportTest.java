package io.cachewire.opentelemetry;

import io.cachewire.architecture.ApiImportTest;

class OpenTelemetryApiImportTest extends ApiImportTest {
    OpenTelemetryApiImportTest() {
        super("io.cachewire.opentelemetry");
    }
}
