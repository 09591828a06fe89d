package io.cachewire.spring;

import io.cachewire.architecture.ApiImportTest;

class SpringApiImportTest extends ApiImportTest {
    SpringApiImportTest() {
        super("io.cachewire.spring", "io.cachewire.loading");
    }
}
