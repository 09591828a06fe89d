package io.cachewire.shedlock;

import io.cachewire.architecture.ApiImportTest;

class ShedLockApiImportTest extends ApiImportTest {
    ShedLockApiImportTest() {
        super("io.cachewire.shedlock");
    }
}
