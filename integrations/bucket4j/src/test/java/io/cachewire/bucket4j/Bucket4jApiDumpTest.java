package io.cachewire.bucket4j;

import io.cachewire.architecture.ApiDumpTest;

class Bucket4jApiDumpTest extends ApiDumpTest {
    Bucket4jApiDumpTest() {
        super("cachewire-bucket4j");
    }
}
