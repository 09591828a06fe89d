package io.cachewire.micrometer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.cachewire.BlockingMemcachedClient;
import io.cachewire.fixture.MemcachedServer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.cache.CacheMeterBinder;
import io.micrometer.core.instrument.binder.cache.CacheMeterBinderCompatibilityKit;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

class MemcachedCacheMetricsTest {
    private static MemcachedServer server;
    private static BlockingMemcachedClient client;
    private static int views;

    @BeforeAll
    static void start() {
        server = MemcachedServer.start();
        client = BlockingMemcachedClient.builder(server.address().toString())
                .requestTimeout(Duration.ofSeconds(5))
                .build();
    }

    @AfterAll
    static void stop() {
        client.close();
        server.close();
    }

    private static BlockingMemcachedClient view() {
        return client.namespace("view" + views++ + ":");
    }

    /** The suite of Micrometer. */
    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_METHOD)
    class Compatibility extends CacheMeterBinderCompatibilityKit<CacheCounts> {
        private BlockingMemcachedClient view;

        @Override
        public CacheCounts createCache() {
            CacheCounts counts = new CacheCounts();
            view = MemcachedCacheMetricsTest.view().withListener(counts);
            return counts;
        }

        @Override
        public CacheMeterBinder<CacheCounts> binder() {
            return new MemcachedCacheMetrics(cache, "mycache", Tags.empty());
        }

        @Override
        public void put(String key, String value) {
            view.set(key, value);
        }

        @Override
        public String get(String key) {
            return view.get(key, String.class);
        }

        @Override
        public void dereferenceCache() {
            view = null;
            super.dereferenceCache();
        }
    }

    private static double count(MeterRegistry registry, String name, String... tags) {
        return registry.get(name).tags(tags).functionCounter().count();
    }

    @Test
    void eachFaceOfAMonitoredViewIsCountedByKeys() throws Exception {
        MeterRegistry registry = new SimpleMeterRegistry();
        BlockingMemcachedClient users =
                MemcachedCacheMetrics.monitor(registry, view(), "users", Tags.of("region", "north"));
        users.setAll(Map.of("a", "1", "b", "2"));
        users.getAll(List.of("a", "b", "absent"), String.class);
        users.async().get("a", String.class).get(10, TimeUnit.SECONDS);
        users.add("a", "already there");
        users.delete("a");
        client.get("not-of-the-view", String.class);

        assertEquals(3, count(registry, "cache.gets", "cache", "users", "region", "north", "result", "hit"));
        assertEquals(1, count(registry, "cache.gets", "cache", "users", "result", "miss"));
        assertEquals(2, count(registry, "cache.puts", "cache", "users"));
        assertNull(registry.find("cache.size").meter());
        assertNull(registry.find("cache.evictions").meter());
    }

    @Test
    void aViewOfFuturesIsCountedWhenOnlyOneThatWasMadeFromItIsUsed() throws Exception {
        MeterRegistry registry = new SimpleMeterRegistry();
        var one = MemcachedCacheMetrics.monitor(registry, view().async(), "derived", Tags.empty())
                .namespace("x:");
        one.set("k", "v").get(10, TimeUnit.SECONDS);
        System.gc();
        one.get("k", String.class).get(10, TimeUnit.SECONDS);

        assertEquals(1, count(registry, "cache.puts", "cache", "derived"));
        assertEquals(1, count(registry, "cache.gets", "cache", "derived", "result", "hit"));
    }
}
