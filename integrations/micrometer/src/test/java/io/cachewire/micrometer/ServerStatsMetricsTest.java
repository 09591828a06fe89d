package io.cachewire.micrometer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cachewire.BlockingMemcachedClient;
import io.cachewire.ServerAddress;
import io.cachewire.admin.ServerStats;
import io.cachewire.fixture.HostileServer;
import io.cachewire.fixture.MemcachedServer;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class ServerStatsMetricsTest {
    private final MeterRegistry registry = new SimpleMeterRegistry();

    private void readAll() {
        for (Meter meter : registry.getMeters()) {
            if (meter instanceof Gauge gauge) {
                gauge.value();
            } else if (meter instanceof FunctionCounter counter) {
                counter.count();
            }
        }
    }

    @Test
    void serversTellWhatTheyCount() {
        try (MemcachedServer server = MemcachedServer.start();
                BlockingMemcachedClient cache = BlockingMemcachedClient.builder(
                                server.address().toString())
                        .requestTimeout(Duration.ofSeconds(5))
                        .build()) {
            cache.set("k", "v");
            cache.get("k", String.class);
            cache.get("absent", String.class);
            new ServerStatsMetrics(cache, Duration.ofMinutes(1), Tags.of("app", "shop")).bindTo(registry);
            System.gc();
            String name = server.address().toString();
            assertEquals(
                    1,
                    registry.get("memcached.server.items")
                            .tags("server", name, "app", "shop")
                            .gauge()
                            .value());
            assertTrue(registry.get("memcached.server.bytes").gauge().value() > 0);
            assertTrue(registry.get("memcached.server.limit.bytes").gauge().value() > 0);
            assertTrue(registry.get("memcached.server.connections").gauge().value() > 0);
            // the greeting of a connection reads and writes too
            ServerStats stats = cache.admin().stats().get(server.address());
            assertEquals(1L, stats.getHits());
            assertEquals(
                    stats.getHits().doubleValue(),
                    registry.get("memcached.server.gets")
                            .tag("result", "hit")
                            .functionCounter()
                            .count());
            assertEquals(
                    stats.getMisses().doubleValue(),
                    registry.get("memcached.server.gets")
                            .tag("result", "miss")
                            .functionCounter()
                            .count());
            assertEquals(
                    stats.cmdSet().doubleValue(),
                    registry.get("memcached.server.sets").functionCounter().count());
            assertEquals(
                    0,
                    registry.get("memcached.server.evictions").functionCounter().count());
        }
    }

    @Test
    void oneAnswerServesAllMetersForTheInterval() {
        try (HostileServer server = HostileServer.start();
                BlockingMemcachedClient cache = BlockingMemcachedClient.builder(
                                server.address().toString())
                        .requestTimeout(Duration.ofSeconds(5))
                        .build()) {
            new ServerStatsMetrics(cache, Duration.ofMinutes(1), Tags.empty()).bindTo(registry);
            for (int i = 0; i < 20; i++) {
                readAll();
            }
            assertEquals(
                    1,
                    server.requests().stream()
                            .filter(request -> request.toString().contains("stats"))
                            .count());
            assertThrows(
                    IllegalArgumentException.class,
                    () -> new ServerStatsMetrics(cache, Duration.ofMillis(999), Tags.empty()));
        }
    }

    @Test
    void serversComeAndGoAndADeadOneHarmsNobody() {
        try (MemcachedServer first = MemcachedServer.start();
                MemcachedServer second = MemcachedServer.start();
                BlockingMemcachedClient cache = BlockingMemcachedClient.builder(
                                first.address().toString())
                        .build()) {
            new ServerStatsMetrics(cache, Duration.ofSeconds(1), Tags.empty()).bindTo(registry);
            readAll();
            ServerAddress dead = new ServerAddress("127.0.0.1", 1);
            cache.cluster().setServers(List.of(second.address(), dead));
            Awaitility.await().until(() -> {
                readAll();
                Gauge items = registry.find("memcached.server.items")
                        .tag("server", second.address().toString())
                        .gauge();
                return items != null && items.value() == 0;
            });
            assertNull(registry.find("memcached.server.items")
                    .tag("server", first.address().toString())
                    .gauge());
            assertTrue(Double.isNaN(registry.get("memcached.server.items")
                    .tag("server", dead.toString())
                    .gauge()
                    .value()));
        }
    }
}
