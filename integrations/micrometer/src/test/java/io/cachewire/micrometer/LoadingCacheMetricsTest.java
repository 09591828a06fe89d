package io.cachewire.micrometer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cachewire.BlockingMemcachedClient;
import io.cachewire.fixture.MemcachedServer;
import io.cachewire.loading.Loader;
import io.cachewire.loading.LoadingCache;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LoadingCacheMetricsTest {
    private final MeterRegistry registry = new SimpleMeterRegistry();

    private double count(String name, String result) {
        return registry.get(name)
                .tags("cache", "users", "result", result)
                .functionCounter()
                .count();
    }

    @Test
    void loadsAndTheirTimeAreShown() {
        try (MemcachedServer server = MemcachedServer.start();
                BlockingMemcachedClient client = BlockingMemcachedClient.builder(
                                server.address().toString())
                        .requestTimeout(Duration.ofSeconds(5))
                        .build()) {
            LoadingCache<String, String> cache = LoadingCache.<String, String>builder(client, "user:", String.class)
                    .build();
            var metrics = new LoadingCacheMetrics(cache::stats, "users", Tags.empty());
            metrics.bindTo(registry);
            Loader<String, String> loader = metrics.timed(key -> "loaded");
            metrics = null;
            System.gc();
            cache.get("a", loader);
            cache.get("a", loader);
            assertThrows(
                    IllegalStateException.class,
                    () -> cache.get("b", key -> {
                        throw new IllegalStateException("planted");
                    }));

            assertEquals(1, cache.stats().loadFailures(), () -> cache.stats().toString());
            assertEquals(1, count("cache.load", "success"), () -> cache.stats().toString());
            assertEquals(1, count("cache.load", "failure"));
            assertEquals(1, count("cache.gets", "hit"));
            assertEquals(2, count("cache.gets", "miss"));
            assertTrue(registry.get("cache.load.duration").timeGauge().value(TimeUnit.NANOSECONDS) > 0);
        }
    }
}
