package io.cachewire.spring;

import io.cachewire.BlockingMemcachedClient;
import io.cachewire.fixture.MemcachedServer;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.springframework.cache.Cache;

class MemcachedContractTest extends CacheContractTest {
    private static MemcachedServer server;
    private static BlockingMemcachedClient client;
    private static MemcachedCacheManager manager;

    @BeforeAll
    static void start() {
        server = MemcachedServer.start();
        client = BlockingMemcachedClient.builder(server.address().toString())
                .requestTimeout(Duration.ofSeconds(10))
                .build();
        manager = MemcachedCacheManager.builder(client)
                .cache(NAME)
                .cache(NO_NULL, rules -> rules.nullValues(false))
                .failFast(true)
                .build();
    }

    @AfterAll
    static void stop() {
        client.close();
        server.close();
    }

    @Override
    Cache cache() {
        return manager.getCache(NAME);
    }

    @Override
    Cache cacheWithoutNull() {
        return manager.getCache(NO_NULL);
    }

    @Override
    boolean cancelsAlone() {
        return true;
    }
}
