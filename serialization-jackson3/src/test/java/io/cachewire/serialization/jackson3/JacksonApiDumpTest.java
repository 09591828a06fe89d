package io.cachewire.serialization.jackson3;

import io.cachewire.architecture.ApiDumpTest;

class JacksonApiDumpTest extends ApiDumpTest {
    JacksonApiDumpTest() {
        super("cachewire-serialization-jackson3");
    }
}
