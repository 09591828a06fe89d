package io.cachewire.loading;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cachewire.BlockingMemcachedClient;
import io.cachewire.ValueType;
import io.cachewire.fixture.InTime;
import io.cachewire.fixture.MemcachedServer;
import io.cachewire.meta.MetaGet;
import io.cachewire.meta.MetaValue;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Turns, throttles and time limits. Two clients stand for two processes. */
final class LoadingRulesTest {
    private static MemcachedServer server;
    private BlockingMemcachedClient client;
    private BlockingMemcachedClient other;

    @BeforeAll
    static void start() {
        server = MemcachedServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void open() {
        client = client(server);
        other = client(server);
        client.flushAll();
    }

    @AfterEach
    void close() {
        client.close();
        other.close();
    }

    private static BlockingMemcachedClient client(MemcachedServer at) {
        return BlockingMemcachedClient.builder(at.address().toString())
                .requestTimeout(Duration.ofSeconds(10))
                .build();
    }

    private static LoadingBuilder<Long, String, LoadingCache<Long, String>> builder(BlockingMemcachedClient client) {
        return LoadingCache.<Long, String>builder(client, "user:", String.class).ttl(Duration.ofMinutes(5));
    }

    private static LoadingBuilder<Long, String, LoadingCache<Long, String>> early(BlockingMemcachedClient client) {
        return builder(client).ttl(Duration.ofSeconds(100)).jitter(0).refreshAhead(Duration.ofSeconds(99));
    }

    @Test
    void aTurnThatADeadProcessKeepsIsTakenFromItAfterALease() {
        CountDownLatch freed = new CountDownLatch(1);
        LoadingCache<Long, String> view = early(client)
                .lease(Duration.ofSeconds(1))
                .listener(new LoadingListener() {
                    @Override
                    public void turnFreed(String key) {
                        freed.countDown();
                    }
                })
                .build();
        client.set("user:1", "old", Duration.ofSeconds(90));
        MetaValue<String> won =
                other.meta().get("user:1", String.class, MetaGet.plain().recache(Duration.ofSeconds(99)));
        assertInstanceOf(MetaValue.Win.class, won);
        long began = System.nanoTime();
        await().atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> view.get(1L, id -> "new").equals("new"));
        assertTrue(System.nanoTime() - began > Duration.ofSeconds(1).toNanos());
        assertEquals(1, view.stats().turnsFreed());
        InTime.await(freed);
    }

    @Test
    void aTurnThatIsInUseIsNotTaken() {
        LoadingCache<Long, String> view =
                early(client).lease(Duration.ofSeconds(2)).build();
        client.set("user:1", "old", Duration.ofSeconds(90));
        CountDownLatch go = new CountDownLatch(1);
        LoadingCache<Long, String> there =
                early(other).lease(Duration.ofSeconds(2)).build();
        assertEquals("old", there.get(1L, id -> {
            InTime.await(go);
            return "new";
        }));
        for (int i = 0; i < 20; i++) {
            assertEquals("old", view.get(1L, id -> "not wanted"));
        }
        go.countDown();
        await().until(() -> view.get(1L, id -> "not wanted").equals("new"));
        assertEquals(0, view.stats().turnsFreed());
    }

    /** A clock that stands and chance that is chosen. */
    private static final class Chosen implements Time {
        private final Time system;
        private volatile long nanos;
        private volatile double random;

        Chosen(Time system) {
            this.system = system;
        }

        @Override
        public long nanos() {
            return nanos;
        }

        @Override
        public long millis() {
            return system.millis();
        }

        @Override
        public void after(long wait, Runnable task) {
            system.after(wait, task);
        }

        @Override
        public double random() {
            return random;
        }
    }

    @Test
    void whereNobodyArbitratesChanceRefreshesTheLikelierTheLongerLoadsTake() {
        Chosen time = new Chosen(Time.system(Runnable::run));
        LoadingSettings settings = early(client).leases(false).build().settings();
        ValueType<String> type = ValueType.of(String.class);
        LoadingCache<Long, String> view = new LoadingCache<>(new LoadingEngine<>(
                "user:",
                (Long id) -> id.toString(),
                type,
                settings,
                new ClientStore<>(client.async(), type, settings),
                null,
                time,
                Runnable::run));
        // a load of 100 s counts as one of 10 s at first
        assertEquals("first", view.get(1L, id -> {
            time.nanos += Duration.ofSeconds(100).toNanos();
            return "first";
        }));
        client.set("user:1", "old", Duration.ofSeconds(90));
        // 10 s × 0.69
        time.random = 0.5;
        assertEquals("old", view.get(1L, id -> "not wanted"));
        assertEquals("old", client.get("user:1", String.class));
        // 10 s × 11.5
        time.random = 0.99999;
        assertEquals("old", view.get(1L, id -> "new"));
        assertEquals("new", client.get("user:1", String.class));
    }

    private MetaValue<String> seen(long id) {
        return other.meta().get("user:" + id, String.class);
    }

    @Test
    void withoutLeasesThereIsNoPlaceholderAndEachProcessLoads() {
        LoadingCache<Long, String> view = builder(client).leases(false).build();
        LoadingCache<Long, String> there = builder(other).leases(false).build();
        AtomicInteger loads = new AtomicInteger();
        assertEquals("here", view.get(1L, id -> {
            loads.incrementAndGet();
            assertInstanceOf(MetaValue.Miss.class, seen(1));
            assertEquals("there", there.get(1L, same -> {
                loads.incrementAndGet();
                return "there";
            }));
            return "here";
        }));
        assertEquals(2, loads.get());
        assertEquals("there", client.get("user:1", String.class));
        assertEquals(0, view.stats().leases());
    }

    @Test
    void leasesAreForTheKeysThatArePickedOnly() {
        LoadingCache<Long, String> view =
                builder(client).leaseFor(key -> key.endsWith("1")).build();
        view.get(2L, id -> {
            assertInstanceOf(MetaValue.Miss.class, seen(2));
            return "two";
        });
        view.get(1L, id -> {
            assertInstanceOf(MetaValue.Won.class, seen(1));
            return "one";
        });
        assertEquals("two", client.get("user:2", String.class));
        assertEquals("one", client.get("user:1", String.class));
    }

    @Test
    void aCallerGetsAnOldValueAfterTheSoftTimeoutAndTheLoadIsStored() {
        LoadingCache<Long, String> view = builder(client)
                .failSafe(Duration.ofHours(1))
                .softTimeout(Duration.ofMillis(50))
                .build();
        for (int face = 0; face < 2; face++) {
            client.set("user:1", "old", Duration.ofMinutes(10));
            CompletableFuture<String> source = new CompletableFuture<>();
            String got = face == 0
                    ? view.get(1L, id -> source.get())
                    : view.async().get(1L, id -> source).join();
            assertEquals("old", got);
            source.complete("new");
            await().until(() -> "new".equals(client.get("user:1", String.class)));
        }
        assertEquals(2, view.stats().stale());
    }

    @Test
    void aLoadThatIsFasterThanTheSoftTimeoutIsWaitedFor() {
        LoadingCache<Long, String> view = builder(client)
                .failSafe(Duration.ofHours(1))
                .softTimeout(Duration.ofSeconds(20))
                .build();
        client.set("user:1", "old", Duration.ofMinutes(10));
        assertEquals("new", view.get(1L, id -> "new"));
        client.set("user:1", "old", Duration.ofMinutes(10));
        assertEquals("old", view.get(1L, id -> {
            throw new IOException("down");
        }));
    }

    @Test
    void aWinnerThatFailedKeepsTheTurnOnlyWithFleetThrottle() {
        for (boolean isKept : new boolean[] {true, false}) {
            client.set("user:1", "old", Duration.ofMinutes(10));
            LoadingCache<Long, String> view = builder(client)
                    .failSafe(Duration.ofHours(1))
                    .fleetThrottle(isKept)
                    .build();
            LoadingCache<Long, String> there = builder(other)
                    .failSafe(Duration.ofHours(1))
                    .maxWait(Duration.ofMillis(300))
                    .waitOver(WaitOver.STALE)
                    .build();
            assertEquals("old", view.get(1L, id -> {
                throw new IOException("down");
            }));
            assertEquals(isKept ? "old" : "new", there.get(1L, id -> "new"));
            assertEquals(isKept ? 0 : 1, there.stats().loads());
        }
    }

    @Test
    void aWaitThatIsOverIsALoadOrAnError() {
        LoadingCache<Long, String> holder = builder(other).build();
        holder.get(1L, id -> {
            LoadingCache<Long, String> loads =
                    builder(client).maxWait(Duration.ofMillis(200)).build();
            assertEquals("own", loads.get(1L, same -> "own"));
            assertNull(loads.getIfPresent(1L));
            LoadingCache<Long, String> throwing = builder(client)
                    .maxWait(Duration.ofMillis(200))
                    .waitOver(WaitOver.THROW)
                    .build();
            assertThrows(LoadingTimeoutException.class, () -> throwing.get(1L, same -> "own"));
            return "held";
        });
        assertEquals("held", client.get("user:1", String.class));
    }

    @Test
    void aLeaseOfAServerThatWasReplacedIsNotGivenBackToTheNewOne() {
        try (MemcachedServer own = MemcachedServer.start();
                BlockingMemcachedClient one = client(own)) {
            LoadingCache<Long, String> view = builder(one).build();
            assertThrows(
                    LoadFailedException.class,
                    () -> view.get(1L, id -> {
                        own.restart();
                        try (BlockingMemcachedClient two = client(own)) {
                            // the new process counts from the start: its placeholder has the cas unique of the old one
                            two.meta()
                                    .get("user:1", String.class, MetaGet.plain().vivify(Duration.ofSeconds(30)));
                        }
                        throw new IOException("down");
                    }));
            // the give-back, if there was one, was sent before this on the same connection
            assertInstanceOf(MetaValue.Won.class, one.meta().get("user:1", String.class));
        }
    }
}
