package io.cachewire.loading;

import io.cachewire.architecture.ApiImportTest;

class LoadingApiImportTest extends ApiImportTest {
    LoadingApiImportTest() {
        super("io.cachewire.loading");
    }
}
