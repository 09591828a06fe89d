package io.cachewire.micrometer;

import io.cachewire.architecture.ApiDumpTest;

class MicrometerApiDumpTest extends ApiDumpTest {
    MicrometerApiDumpTest() {
        super("cachewire-micrometer");
    }
}
