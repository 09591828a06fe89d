package com.example;

import io.cachewire.BlockingMemcachedClient;
import io.cachewire.verification.consumers.BlockingUser;
import io.cachewire.verification.consumers.Checks;

public final class Main {
    private Main() {}

    public static void main(String[] args) {
        Checks.equal("com.example.cache", Main.class.getModule().getName());
        Checks.equal("io.cachewire", BlockingMemcachedClient.class.getModule().getName());
        Checks.run(server -> new BlockingUser(BlockingUser.connect(server)));
    }
}
