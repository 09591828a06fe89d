package io.cachewire.serialization.jackson;

import io.cachewire.architecture.ApiImportTest;

class JacksonApiImportTest extends ApiImportTest {
    JacksonApiImportTest() {
        super("io.cachewire.serialization.jackson");
    }
}
