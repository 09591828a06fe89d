package io.cachewire.serialization.json;

import io.cachewire.architecture.ApiImportTest;

class JsonApiImportTest extends ApiImportTest {
    JsonApiImportTest() {
        super("io.cachewire.serialization.json");
    }
}
