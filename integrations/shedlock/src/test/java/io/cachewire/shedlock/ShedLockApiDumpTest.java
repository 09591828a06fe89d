package io.cachewire.shedlock;

import io.cachewire.architecture.ApiDumpTest;

class ShedLockApiDumpTest extends ApiDumpTest {
    ShedLockApiDumpTest() {
        super("cachewire-shedlock");
    }
}
