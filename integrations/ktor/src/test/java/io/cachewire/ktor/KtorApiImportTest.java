package io.cachewire.ktor;

import io.cachewire.architecture.ApiImportTest;

class KtorApiImportTest extends ApiImportTest {
    KtorApiImportTest() {
        super("io.cachewire.ktor", "io.cachewire.loading");
    }
}
