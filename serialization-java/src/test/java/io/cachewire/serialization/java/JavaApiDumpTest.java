package io.cachewire.serialization.java;

import io.cachewire.architecture.ApiDumpTest;

class JavaApiDumpTest extends ApiDumpTest {
    JavaApiDumpTest() {
        super("cachewire-serialization-java");
    }
}
