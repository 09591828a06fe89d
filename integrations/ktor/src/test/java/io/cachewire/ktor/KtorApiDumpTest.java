package io.cachewire.ktor;

import io.cachewire.architecture.ApiDumpTest;

class KtorApiDumpTest extends ApiDumpTest {
    KtorApiDumpTest() {
        super("cachewire-ktor");
    }
}
