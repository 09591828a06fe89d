package io.cachewire.embedded;

import io.cachewire.architecture.ApiDumpTest;

class EmbeddedApiDumpTest extends ApiDumpTest {
    EmbeddedApiDumpTest() {
        super("cachewire-embedded");
    }
}
