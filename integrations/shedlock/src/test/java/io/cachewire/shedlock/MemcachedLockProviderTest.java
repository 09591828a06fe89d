package io.cachewire.shedlock;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cachewire.BlockingMemcachedClient;
import io.cachewire.MemcachedException;
import io.cachewire.Protocol;
import io.cachewire.WriteFailures;
import io.cachewire.fixture.MemcachedServer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import net.javacrumbs.shedlock.core.ClockProvider;
import net.javacrumbs.shedlock.core.LockConfiguration;
import net.javacrumbs.shedlock.core.SimpleLock;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What ShedLock's own test kit asks of a provider, which is not published for the lowest version, and what is ours. */
class MemcachedLockProviderTest {
    private static final Duration LONG = Duration.ofMinutes(5);

    @SuppressWarnings("NullAway.Init")
    private static MemcachedServer server;

    private final String name = UUID.randomUUID().toString();

    @BeforeAll
    static void start() {
        server = MemcachedServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static BlockingMemcachedClient client(Protocol protocol) {
        return BlockingMemcachedClient.builder(server.address().toString())
                .protocol(protocol)
                .requestTimeout(Duration.ofSeconds(10))
                .build();
    }

    private LockConfiguration config(Duration atMost, Duration atLeast) {
        return new LockConfiguration(ClockProvider.now(), name, atMost, atLeast);
    }

    private LockConfiguration config() {
        return config(LONG, Duration.ZERO);
    }

    @ParameterizedTest
    @EnumSource(
            value = Protocol.class,
            names = {"META", "TEXT", "BINARY"})
    void aLockIsHadByOneUntilItIsUnlocked(Protocol protocol) {
        try (BlockingMemcachedClient client = client(protocol)) {
            MemcachedLockProvider provider = new MemcachedLockProvider(client);
            for (int i = 0; i < 10; i++) {
                SimpleLock lock = provider.lock(config()).orElseThrow();
                assertNotNull(client.get("shedlock:" + name, String.class));
                assertTrue(provider.lock(config()).isEmpty());
                lock.unlock();
                assertNull(client.get("shedlock:" + name, String.class));
                assertThrows(IllegalStateException.class, lock::unlock);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Protocol.class,
            names = {"META", "TEXT", "BINARY"})
    void anExtendedLockOutlivesItsFirstTimeAndTheOldOneIsInvalid(Protocol protocol) {
        try (BlockingMemcachedClient client = client(protocol)) {
            MemcachedLockProvider provider = new MemcachedLockProvider(client);
            SimpleLock lock =
                    provider.lock(config(Duration.ofSeconds(2), Duration.ZERO)).orElseThrow();
            Instant first = ClockProvider.now().plusSeconds(2);
            SimpleLock longer = lock.extend(LONG, Duration.ZERO).orElseThrow();
            assertThrows(IllegalStateException.class, lock::unlock);
            assertThrows(IllegalStateException.class, () -> lock.extend(LONG, Duration.ZERO));
            await().until(() -> ClockProvider.now().isAfter(first.plusSeconds(1)));
            assertTrue(provider.lock(config()).isEmpty());
            SimpleLock last = longer.extend(LONG, Duration.ZERO).orElseThrow();
            last.unlock();
            assertTrue(provider.lock(config()).isPresent());
        }
    }

    @Test
    void twoLocksAreIndependent() {
        try (BlockingMemcachedClient client = client(Protocol.AUTO)) {
            MemcachedLockProvider provider = new MemcachedLockProvider(client);
            assertTrue(provider.lock(config()).isPresent());
            assertTrue(provider.lock(new LockConfiguration(ClockProvider.now(), name + "2", LONG, Duration.ZERO))
                    .isPresent());
            assertTrue(
                    new MemcachedLockProvider(client, "other:").lock(config()).isPresent());
        }
    }

    @Test
    void aLockOfOneWhoDiedIsFreeWhenItsTimeIsOver() {
        MemcachedLockProvider provider;
        try (BlockingMemcachedClient dead = client(Protocol.AUTO)) {
            assertTrue(new MemcachedLockProvider(dead)
                    .lock(config(Duration.ofSeconds(1), Duration.ZERO))
                    .isPresent());
        }
        try (BlockingMemcachedClient client = client(Protocol.AUTO)) {
            provider = new MemcachedLockProvider(client);
            await().until(() -> provider.lock(config()).isPresent());
        }
    }

    @Test
    void anUnlockedLockIsHeldForItsShortestTime() {
        try (BlockingMemcachedClient client = client(Protocol.AUTO)) {
            MemcachedLockProvider provider = new MemcachedLockProvider(client);
            Duration atLeast = Duration.ofSeconds(2);
            Instant free = ClockProvider.now().plus(atLeast);
            provider.lock(config(LONG, atLeast)).orElseThrow().unlock();
            assertTrue(provider.lock(config()).isEmpty());
            await().until(() -> provider.lock(config()).isPresent());
            assertFalse(ClockProvider.now().isBefore(free.minusSeconds(1)));
        }
    }

    @Test
    void aLockWhoseTimeIsOverIsNotExtended() {
        try (BlockingMemcachedClient client = client(Protocol.AUTO)) {
            MemcachedLockProvider provider = new MemcachedLockProvider(client);
            Instant over = ClockProvider.now().plusMillis(2);
            Optional<SimpleLock> lock = provider.lock(config(Duration.ofMillis(100), Duration.ZERO));
            await().until(() -> ClockProvider.now().isAfter(over.plusMillis(200)));
            assertTrue(lock.orElseThrow().extend(LONG, Duration.ZERO).isEmpty());
            assertNull(client.get("shedlock:" + name, String.class));
        }
    }

    @Test
    void whoComesTooLateDoesNotEndTheLockOfAnother() {
        try (BlockingMemcachedClient client = client(Protocol.AUTO)) {
            MemcachedLockProvider provider = new MemcachedLockProvider(client);
            SimpleLock late = provider.lock(config()).orElseThrow();
            SimpleLock lateToExtend = late;
            client.delete("shedlock:" + name); // evicted
            assertTrue(provider.lock(config()).isPresent());
            String owner = client.get("shedlock:" + name, String.class);
            assertTrue(lateToExtend.extend(LONG, Duration.ZERO).isEmpty());
            assertEquals(owner, client.get("shedlock:" + name, String.class));
            assertTrue(provider.lock(config()).isEmpty());
        }
    }

    @Test
    void ofManyThreadsOneHasTheLock() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try (BlockingMemcachedClient client = client(Protocol.AUTO)) {
            MemcachedLockProvider provider = new MemcachedLockProvider(client);
            AtomicInteger inside = new AtomicInteger();
            AtomicInteger most = new AtomicInteger();
            AtomicInteger runs = new AtomicInteger();
            List<CompletableFuture<Void>> all = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                all.add(CompletableFuture.runAsync(
                        () -> {
                            for (int n = 0; n < 200; n++) {
                                provider.lock(config()).ifPresent(lock -> {
                                    most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                                    runs.incrementAndGet();
                                    inside.decrementAndGet();
                                    lock.unlock();
                                });
                            }
                        },
                        threads));
            }
            CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).get();
            assertEquals(1, most.get());
            assertTrue(runs.get() > 0);
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void aDeadServerIsAFailureAndNoLock() {
        MemcachedServer own = MemcachedServer.start();
        try (BlockingMemcachedClient client = BlockingMemcachedClient.builder(
                        own.address().toString())
                .writeFailures(WriteFailures.IGNORE)
                .requestTimeout(Duration.ofMillis(500))
                .build()) {
            MemcachedLockProvider provider = new MemcachedLockProvider(client);
            SimpleLock lock = provider.lock(config()).orElseThrow();
            own.kill();
            assertThrows(MemcachedException.class, () -> provider.lock(config()));
            assertThrows(MemcachedException.class, lock::unlock);
        } finally {
            own.close();
        }
    }

    @Test
    void aLockWhoseAnswerWasLostIsNotHadByAnyoneElse() {
        try (BlockingMemcachedClient client = client(Protocol.AUTO);
                BlockingMemcachedClient hasty = BlockingMemcachedClient.builder(
                                server.address().toString())
                        .requestTimeout(Duration.ofMillis(200))
                        .build()) {
            MemcachedLockProvider patient = new MemcachedLockProvider(client);
            hasty.get("warm", String.class);
            server.pause();
            try {
                assertThrows(MemcachedException.class, () -> new MemcachedLockProvider(hasty).lock(config()));
            } finally {
                server.resume();
            }
            // carried out late or not at all: in no case do two have it
            Optional<SimpleLock> one = patient.lock(config());
            Optional<SimpleLock> two = patient.lock(config());
            assertTrue(one.isEmpty() || two.isEmpty());
        }
    }
}
