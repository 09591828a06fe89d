package io.cachewire.spring;

import io.cachewire.architecture.ApiDumpTest;

class SpringApiDumpTest extends ApiDumpTest {
    SpringApiDumpTest() {
        super("cachewire-spring");
    }
}
