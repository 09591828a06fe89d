package io.cachewire.serialization.jackson;

import io.cachewire.architecture.ApiDumpTest;

class JacksonApiDumpTest extends ApiDumpTest {
    JacksonApiDumpTest() {
        super("cachewire-serialization-jackson");
    }
}
