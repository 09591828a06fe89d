package io.cachewire.interop;

import io.cachewire.architecture.ApiImportTest;

class InteropApiImportTest extends ApiImportTest {
    InteropApiImportTest() {
        super("io.cachewire.interop");
    }
}
