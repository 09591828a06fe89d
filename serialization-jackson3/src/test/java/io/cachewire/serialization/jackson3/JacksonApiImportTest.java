package io.cachewire.serialization.jackson3;

import io.cachewire.architecture.ApiImportTest;

class JacksonApiImportTest extends ApiImportTest {
    JacksonApiImportTest() {
        super("io.cachewire.serialization.jackson3");
    }
}
