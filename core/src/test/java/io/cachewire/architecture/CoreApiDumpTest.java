package io.cachewire.architecture;

class CoreApiDumpTest extends ApiDumpTest {
    CoreApiDumpTest() {
        super("cachewire-core", ApiPackages.ofCore());
    }
}
