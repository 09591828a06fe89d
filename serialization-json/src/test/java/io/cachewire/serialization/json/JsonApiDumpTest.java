package io.cachewire.serialization.json;

import io.cachewire.architecture.ApiDumpTest;

class JsonApiDumpTest extends ApiDumpTest {
    JsonApiDumpTest() {
        super("cachewire-serialization-json");
    }
}
