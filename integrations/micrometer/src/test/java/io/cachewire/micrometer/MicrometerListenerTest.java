package io.cachewire.micrometer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cachewire.BlockingMemcachedClient;
import io.cachewire.ConnectionLostException;
import io.cachewire.MemcachedException;
import io.cachewire.ServerAddress;
import io.cachewire.fixture.Delivery;
import io.cachewire.fixture.Gate;
import io.cachewire.fixture.HostileServer;
import io.cachewire.fixture.MemcachedServer;
import io.cachewire.observe.CallEnd;
import io.cachewire.observe.CallStart;
import io.cachewire.observe.Outcome;
import io.cachewire.observe.Verb;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class MicrometerListenerTest {
    private static final CallStart GET = new CallStart(Verb.GET, "", 1);

    private final MeterRegistry registry = new SimpleMeterRegistry();

    private BlockingMemcachedClient client(MicrometerListener listener, ServerAddress... servers) {
        return BlockingMemcachedClient.builder()
                .servers(List.of(servers))
                .listener(listener)
                .requestTimeout(Duration.ofSeconds(5))
                .build();
    }

    private BlockingMemcachedClient client(ServerAddress... servers) {
        return client(MicrometerListener.create(registry), servers);
    }

    private Timer timer(String... tags) {
        return registry.get("memcached.client.operation").tags(tags).timer();
    }

    private double count(String name, String... tags) {
        return registry.get(name).tags(tags).counter().count();
    }

    private Set<String> values(String tag) {
        return registry.getMeters().stream()
                .map(meter -> meter.getId().getTag(tag))
                .filter(value -> value != null)
                .collect(Collectors.toSet());
    }

    private static CallEnd end(Outcome outcome, Throwable error, ServerAddress server) {
        return new CallEnd(outcome, error, server, 1, 0, 0, 0, 0, 1000);
    }

    @Test
    void callsAreTimedByOperationServerOutcomeAndError() {
        try (MemcachedServer server = MemcachedServer.start();
                BlockingMemcachedClient cache = client(server.address())) {
            String name = server.address().toString();
            cache.set("k", "value");
            cache.get("k", String.class);
            cache.get("k", String.class);
            cache.get("absent", String.class);
            cache.add("k", "other");
            assertThrows(MemcachedException.class, () -> cache.increment("k", 1));
            cache.getAll(List.of("k", "l"), String.class);

            assertEquals(
                    2,
                    timer("operation", "get", "server", name, "outcome", "hit", "error", "none")
                            .count());
            assertEquals(
                    1,
                    timer("operation", "get", "server", name, "outcome", "miss", "error", "none")
                            .count());
            assertEquals(
                    1,
                    timer("operation", "set", "server", name, "outcome", "stored", "error", "none")
                            .count());
            assertEquals(
                    1,
                    timer("operation", "add", "server", name, "outcome", "not_stored")
                            .count());
            assertEquals(
                    1,
                    timer("operation", "increment", "server", name, "outcome", "error", "error", "NotANumberException")
                            .count());
            assertEquals(
                    1,
                    timer("operation", "get", "server", "several", "outcome", "hit")
                            .count());
            assertTrue(timer("operation", "set").totalTime(TimeUnit.NANOSECONDS) > 0);
            // 5 of set and 5 of add; twice 5 of get; those of getAll have no server
            assertEquals(10, count("memcached.client.bytes", "server", name, "direction", "sent"));
            assertEquals(10, count("memcached.client.bytes", "server", name, "direction", "received"));
            assertEquals(5, count("memcached.client.bytes", "server", "several", "direction", "received"));
            assertEquals(0, count("memcached.client.retries"));
        }
    }

    /** What the documentation says of a meter is what is registered. */
    @Test
    void everyMeterIsRegisteredWithTheTagsThatAreDocumented() {
        try (MemcachedServer server = MemcachedServer.start();
                BlockingMemcachedClient cache = client(server.address())) {
            cache.get("k", String.class);
            for (MemcachedMeter meter : MemcachedMeter.values()) {
                var found = registry.find(meter.getName()).meters();
                assertTrue(!found.isEmpty(), meter::getName);
                for (Meter one : found) {
                    assertEquals(meter.getType(), one.getId().getType());
                    assertEquals(
                            meter.getBaseUnit(),
                            meter == MemcachedMeter.OPERATION
                                    ? null
                                    : one.getId().getBaseUnit());
                    assertEquals(
                            Arrays.stream(meter.getKeyNames())
                                    .map(key -> key.asString())
                                    .collect(Collectors.toSet()),
                            one.getId().getTags().stream().map(Tag::getKey).collect(Collectors.toSet()));
                }
            }
        }
    }

    @Test
    void gaugesShowConnectionsAndWhatIsPending() throws Exception {
        try (HostileServer server = HostileServer.start();
                BlockingMemcachedClient cache = client(server.address())) {
            cache.get("k", String.class);
            Gate gate = new Gate();
            server.next("mg", gate);
            var waiting = cache.async().get("k", String.class);
            gate.awaitRequest();
            Awaitility.await()
                    .until(() ->
                            registry.get("memcached.client.pending").gauge().value() == 1);
            assertEquals(
                    1,
                    registry.get("memcached.client.connections")
                            .tag("state", "open")
                            .gauge()
                            .value());
            assertEquals(
                    0,
                    registry.get("memcached.client.connections")
                            .tag("state", "connecting")
                            .gauge()
                            .value());
            assertTrue(registry.get("memcached.client.pending.bytes").gauge().value() > 0);
            gate.open();
            waiting.get(10, TimeUnit.SECONDS);
            Awaitility.await()
                    .until(() ->
                            registry.get("memcached.client.pending").gauge().value() == 0);
        }
    }

    @Test
    void repetitionsAndReconnectsAreCounted() {
        try (HostileServer server = HostileServer.start();
                BlockingMemcachedClient cache = client(server.address())) {
            cache.get("k", String.class);
            server.next("mg", Delivery.resetAfter(0));
            cache.get("k", String.class);
            assertEquals(1, count("memcached.client.retries"));
            Awaitility.await().until(() -> count("memcached.client.reconnects") == 1);
        }
    }

    @Test
    void metersOfServersThatLeftAreRemoved() {
        try (MemcachedServer first = MemcachedServer.start();
                MemcachedServer second = MemcachedServer.start()) {
            BlockingMemcachedClient cache = client(first.address());
            cache.get("k", String.class);
            cache.cluster().setServers(List.of(second.address()));
            cache.get("k", String.class);
            String name = second.address().toString();
            assertEquals(1, timer("server", name, "operation", "get").count());
            Awaitility.await()
                    .until(() -> !values("server").contains(first.address().toString()));
            assertEquals(Set.of(name, "several", "unknown", "other"), values("server"));
            cache.close();
            assertEquals(Set.of("several", "unknown", "other"), values("server"));
        }
    }

    @Test
    void aCallToAServerThatHasLeftMakesNoMeterOfIt() {
        MicrometerListener listener = MicrometerListener.create(registry);
        ServerAddress gone = new ServerAddress("gone", 11211);
        ServerAddress here = new ServerAddress("127.0.0.1", 1);
        try (BlockingMemcachedClient cache = client(listener, gone)) {
            cache.cluster().setServers(List.of(here));
            Awaitility.await().until(() -> values("server").contains("127.0.0.1:1"));
            listener.callEnded(GET, end(Outcome.MISS, null, gone), null);
            listener.callEnded(GET, end(Outcome.MISS, null, here.withWeight(3)), null);
            assertEquals(1, timer("server", "other").count());
            assertEquals(1, timer("server", "127.0.0.1:1").count());
            assertTrue(!values("server").contains("gone:11211"));
        }
    }

    @Test
    void serversWhoseNamesChangeAllTheTimeLeaveNoMeters() {
        try (BlockingMemcachedClient cache = client(new ServerAddress("127.0.0.1", 1))) {
            int before = registry.getMeters().size();
            for (int i = 0; i < 500; i++) {
                cache.cluster().setServers(List.of(new ServerAddress("pod-" + i, 11211)));
            }
            Awaitility.await().until(() -> values("server").contains("pod-499:11211"));
            Awaitility.await().until(() -> registry.getMeters().size() == before);
        }
    }

    @Test
    void tenThousandNamespacesAreNoTags() {
        try (MemcachedServer server = MemcachedServer.start();
                BlockingMemcachedClient cache = client(server.address())) {
            cache.get("k", String.class);
            int before = registry.getMeters().size();
            for (int i = 0; i < 10_000; i++) {
                cache.namespace("n" + i + ":").get("k", String.class);
            }
            assertEquals(before, registry.getMeters().size());
            assertEquals(10_001, timer("operation", "get").count());
        }
    }

    @Test
    void aFailureThatIsNotOursIsCalledOther() {
        MicrometerListener listener = MicrometerListener.create(registry);
        listener.callEnded(GET, end(Outcome.ERROR, new IllegalStateException("planted"), null), null);
        listener.callEnded(GET, end(Outcome.ERROR, null, null), null);
        assertEquals(
                2,
                timer("outcome", "error", "error", "other", "server", "unknown").count());
    }

    @Test
    void clientsOfOneListenerShareItsMetersUntilTheLastIsClosed() {
        try (MemcachedServer server = MemcachedServer.start()) {
            MicrometerListener listener = MicrometerListener.create(registry);
            BlockingMemcachedClient first = client(listener, server.address());
            BlockingMemcachedClient second = client(listener, server.address());
            first.get("k", String.class);
            second.get("k", String.class);
            assertEquals(2, timer("operation", "get").count());
            Awaitility.await()
                    .until(() -> registry.get("memcached.client.connections")
                                    .tag("state", "open")
                                    .gauge()
                                    .value()
                            == 2);
            first.close();
            second.get("k", String.class);
            assertEquals(3, timer("operation", "get").count());
            second.close();
            assertNull(registry.find("memcached.client.operation").timer());
            assertNull(registry.find("memcached.client.connections").gauge());
        }
    }

    @Test
    void withoutTheServerTagAllServersAreOne() {
        try (MemcachedServer first = MemcachedServer.start();
                MemcachedServer second = MemcachedServer.start();
                BlockingMemcachedClient cache = client(
                        MicrometerListener.builder(registry).serverTag(false).build(),
                        first.address(),
                        second.address())) {
            for (int i = 0; i < 100; i++) {
                cache.get("k" + i, String.class);
            }
            cache.setAll(Map.of("a", "1", "b", "2"));
            assertEquals(Set.of(), values("server"));
            assertEquals(100, timer("operation", "get", "outcome", "miss").count());
            Awaitility.await()
                    .until(() -> registry.get("memcached.client.connections")
                                    .tag("state", "open")
                                    .gauge()
                                    .value()
                            == 2);
            assertEquals(0, count("memcached.client.reconnects"));
            assertEquals(2, count("memcached.client.bytes", "direction", "sent"));
        }
    }

    @Test
    void onlyChosenCallsAreTimedAndTagsAreAdded() {
        try (MemcachedServer server = MemcachedServer.start();
                BlockingMemcachedClient cache = client(
                        MicrometerListener.builder(registry)
                                .timed(call -> call.namespace().equals("users:"))
                                .tags(Tags.of("app", "shop"))
                                .build(),
                        server.address())) {
            cache.set("k", "12345");
            cache.namespace("users:").get("k", String.class);
            assertNull(registry.find("memcached.client.operation")
                    .tag("operation", "set")
                    .timer());
            assertEquals(1, timer("operation", "get", "app", "shop").count());
            assertEquals(
                    5,
                    count(
                            "memcached.client.bytes",
                            "app",
                            "shop",
                            "direction",
                            "sent",
                            "server",
                            server.address().toString()));
        }
    }

    @Test
    void aHistogramAndPercentilesArePublishedOnDemandOnly() {
        MicrometerListener.create(registry).callEnded(GET, end(Outcome.HIT, null, null), null);
        assertEquals(0, timer("outcome", "hit").takeSnapshot().percentileValues().length);

        MeterRegistry other = new SimpleMeterRegistry();
        MicrometerListener.builder(other)
                .percentiles(0.5, 0.99)
                .build()
                .callEnded(GET, end(Outcome.HIT, null, null), null);
        assertEquals(
                2,
                other.get("memcached.client.operation").timer().takeSnapshot().percentileValues().length);
        assertThrows(
                IllegalArgumentException.class,
                () -> MicrometerListener.builder(other).percentiles(50));
    }

    @Test
    void aRegistryThatIsClosedHarmsNoCall() {
        try (MemcachedServer server = MemcachedServer.start()) {
            BlockingMemcachedClient cache = client(server.address());
            cache.set("k", "v");
            registry.close();
            assertEquals("v", cache.get("k", String.class));
            cache.cluster().setServers(List.of(server.address(), new ServerAddress("127.0.0.1", 1)));
            assertNotNull(cache.cluster().servers());
            cache.close();
        }
        // made for a registry that was closed before
        try (BlockingMemcachedClient cache = client(new ServerAddress("127.0.0.1", 1))) {
            assertThrows(ConnectionLostException.class, () -> cache.get("k", String.class));
        }
    }

    @Test
    void onAViewCallsAreTimedUnderAnotherName() {
        try (MemcachedServer server = MemcachedServer.start();
                BlockingMemcachedClient cache = BlockingMemcachedClient.builder(
                                server.address().toString())
                        .requestTimeout(Duration.ofSeconds(5))
                        .build()) {
            cache.withListener(MicrometerListener.create(registry)).get("k", String.class);
            assertEquals(1, timer("operation", "get", "server", "other").count());
        }
    }
}
