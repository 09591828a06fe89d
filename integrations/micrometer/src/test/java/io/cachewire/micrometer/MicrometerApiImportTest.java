package io.cachewire.micrometer;

import io.cachewire.architecture.ApiImportTest;

class MicrometerApiImportTest extends ApiImportTest {
    MicrometerApiImportTest() {
        super("io.cachewire.micrometer", "io.cachewire.loading");
    }
}
