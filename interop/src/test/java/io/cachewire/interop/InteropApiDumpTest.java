package io.cachewire.interop;

import io.cachewire.architecture.ApiDumpTest;

class InteropApiDumpTest extends ApiDumpTest {
    InteropApiDumpTest() {
        super("cachewire-interop");
    }
}
