package io.cachewire.bucket4j;

import io.cachewire.architecture.ApiImportTest;

class Bucket4jApiImportTest extends ApiImportTest {
    Bucket4jApiImportTest() {
        super("io.cachewire.bucket4j");
    }
}
