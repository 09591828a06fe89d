package com.example;

import io.cachewire.BlockingMemcachedClient;
import io.cachewire.serialization.jackson.JacksonSerde;
import io.cachewire.verification.consumers.BlockingUser;
import io.cachewire.verification.consumers.CacheUser;
import io.cachewire.verification.consumers.Checks;
import java.time.Duration;
import java.util.List;
import java.util.Map;

public final class Main {
    private Main() {}

    public static void main(String[] args) {
        Checks.run(Main::open);
    }

    private static CacheUser open(String server) {
        BlockingMemcachedClient cache = BlockingMemcachedClient.builder(server)
                .serde(JacksonSerde.create())
                .requestTimeout(Checks.REQUEST_TIMEOUT)
                .connectTimeout(Checks.CONNECT_TIMEOUT)
                .build();
        User user = new User(1, "Ada");
        cache.set("user:1", user, Duration.ofMinutes(5));
        Checks.equal(user, cache.get("user:1", User.class));
        Checks.equal(Map.of("user:1", user), cache.getAll(List.of("user:1", "user:2"), User.class));
        return new BlockingUser(cache);
    }
}
