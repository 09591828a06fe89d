package io.cachewire.loading;

import io.cachewire.architecture.ApiDumpTest;

class LoadingApiDumpTest extends ApiDumpTest {
    LoadingApiDumpTest() {
        super("cachewire-loading");
    }
}
