package io.cachewire.spring.boot;

import io.cachewire.architecture.ApiDumpTest;

class StarterApiDumpTest extends ApiDumpTest {
    StarterApiDumpTest() {
        super("cachewire-spring-boot-starter");
    }
}
