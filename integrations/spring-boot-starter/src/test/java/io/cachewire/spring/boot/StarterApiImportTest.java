package io.cachewire.spring.boot;

import io.cachewire.architecture.ApiImportTest;

class StarterApiImportTest extends ApiImportTest {
    StarterApiImportTest() {
        super("io.cachewire.spring", "io.cachewire.loading", "io.cachewire.embedded", "io.cachewire.serialization");
    }
}
