package io.cachewire.serialization.java;

import io.cachewire.architecture.ApiImportTest;

class JavaApiImportTest extends ApiImportTest {
    JavaApiImportTest() {
        super("io.cachewire.serialization.java");
    }
}
