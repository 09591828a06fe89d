package io.cachewire.samples;

import io.cachewire.architecture.ApiImportTest;

class SamplesApiImportTest extends ApiImportTest {
    SamplesApiImportTest() {
        super(
                "io.cachewire.samples",
                "io.cachewire.serialization",
                "io.cachewire.interop",
                "io.cachewire.embedded",
                "io.cachewire.micrometer",
                "io.cachewire.ktor",
                "io.cachewire.loading");
    }
}
