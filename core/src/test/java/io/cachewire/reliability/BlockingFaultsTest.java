package io.cachewire.reliability;

import static io.cachewire.fixture.InTime.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cachewire.AsyncMemcachedClient;
import io.cachewire.BlockingMemcachedClient;
import io.cachewire.CallInterruptedException;
import io.cachewire.ClientBuilder;
import io.cachewire.ClientClosedException;
import io.cachewire.DataBlock;
import io.cachewire.MemcachedException.Delivery;
import io.cachewire.ValueType;
import io.cachewire.fixture.Gate;
import io.cachewire.fixture.HostileServer;
import io.cachewire.fixture.LeakCheck;
import io.cachewire.serde.EncodedValue;
import io.cachewire.serde.Serde;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The rows that concern threads: interrupts, pools, blocked callbacks, closing. */
@Timeout(30)
class BlockingFaultsTest {
    /** The table allows 100 ms; a busy build machine needs more until a thread runs. */
    private static final Duration SOON = Duration.ofMillis(600);

    private static final int ODD_FLAGS = 0x40000;

    private HostileServer server;
    private ExecutorService threads;

    @BeforeEach
    void start() {
        server = HostileServer.start();
        threads = Executors.newCachedThreadPool();
    }

    @AfterEach
    void stop() {
        threads.shutdownNow();
        server.close();
    }

    private ClientBuilder<BlockingMemcachedClient> builder() {
        return BlockingMemcachedClient.builder(server.address().toString())
                .requestTimeout(Duration.ofSeconds(5))
                .stallTimeout(Duration.ofSeconds(10));
    }

    private static void inSync(BlockingMemcachedClient cache) {
        for (int i = 0; i < 20; i++) {
            cache.set("in-sync-" + i, "value of " + i);
            assertEquals("value of " + i, cache.get("in-sync-" + i, String.class));
        }
    }

    @Test
    @DisplayName("F09 an interrupt before the call: it fails at once and nothing is sent")
    void interruptedBefore() throws Exception {
        try (BlockingMemcachedClient cache = builder().build()) {
            inSync(cache);
            int before = server.requests().size();
            List<Consumer<BlockingMemcachedClient>> calls = List.of(
                    c -> c.get("k", String.class),
                    c -> c.set("k", "v"),
                    c -> c.increment("k", 1),
                    c -> c.getAll(List.of("a", "b"), String.class),
                    c -> c.setAll(Map.of("a", 1)),
                    c -> c.deleteAll(List.of("a")),
                    c -> c.version(),
                    c -> c.flushAll());
            threads.submit(() -> {
                        for (Consumer<BlockingMemcachedClient> call : calls) {
                            Thread.currentThread().interrupt();
                            CallInterruptedException thrown =
                                    assertThrows(CallInterruptedException.class, () -> call.accept(cache));
                            assertEquals(Delivery.NOT_SENT, thrown.delivery());
                            assertTrue(Thread.interrupted(), "the flag is set again");
                        }
                    })
                    .get(20, TimeUnit.SECONDS);
            inSync(cache);
            assertEquals(before + 40, server.requests().size());
            assertEquals(1, server.accepted());
        }
    }

    @Test
    @DisplayName("F09 an interrupt during the call ends it, and the connection lives on")
    void interruptedDuring() throws Exception {
        try (BlockingMemcachedClient cache = builder().build()) {
            inSync(cache);
            for (int round = 0; round < 10; round++) {
                Gate gate = new Gate();
                String key = "slow" + round;
                server.put(key, 0, "late");
                server.next("mg", gate);
                CountDownLatch flagged = new CountDownLatch(1);
                Thread caller = new Thread(() -> {
                    CallInterruptedException thrown =
                            assertThrows(CallInterruptedException.class, () -> cache.get(key, String.class));
                    assertEquals(Delivery.INDETERMINATE, thrown.delivery());
                    assertTrue(Thread.interrupted());
                    flagged.countDown();
                });
                caller.start();
                gate.awaitRequest();
                long start = System.nanoTime();
                caller.interrupt();
                assertTrue(flagged.await(5, TimeUnit.SECONDS), "interrupted, with its flag set");
                assertTrue(System.nanoTime() - start < SOON.toNanos());
                Future<?> behind = threads.submit(() -> inSync(cache));
                gate.open();
                behind.get(10, TimeUnit.SECONDS);
            }
            assertEquals(1, server.accepted());
        }
    }

    @Test
    @DisplayName("F09 an interrupt after the call touches no other call")
    void interruptedAfter() throws Exception {
        try (BlockingMemcachedClient cache = builder().build()) {
            Thread caller = new Thread(() -> {
                inSync(cache);
                Thread.currentThread().interrupt();
            });
            caller.start();
            caller.join(10_000);
            inSync(cache);
            assertEquals(1, server.accepted());
        }
    }

    @Test
    @DisplayName("F10 blocking calls on a pool of one thread, and futures completed there, do not deadlock")
    void onePoolThread() throws Exception {
        ExecutorService one = Executors.newSingleThreadExecutor();
        try (BlockingMemcachedClient cache = builder().callbackExecutor(one).build()) {
            AsyncMemcachedClient async = cache.async();
            List<Future<?>> callers = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                callers.add(one.submit(() -> inSync(cache)));
                callers.add(async.set("k" + i, "v").thenRun(() -> inSync(cache)));
            }
            for (Future<?> caller : callers) {
                caller.get(20, TimeUnit.SECONDS);
            }
        } finally {
            one.shutdownNow();
        }
    }

    @Test
    @DisplayName("F10 a blocking call on the I/O thread is refused at once")
    void onTheIoThread() throws Exception {
        try (BlockingMemcachedClient cache =
                builder().callbackExecutor(Runnable::run).build()) {
            inSync(cache);
            Gate gate = new Gate();
            server.next("mg", gate);
            CompletableFuture<Throwable> thrown = cache.async()
                    .get("k", String.class)
                    .thenApply(value -> assertThrows(Throwable.class, () -> cache.get("k", String.class)));
            gate.open();
            assertInstanceOf(IllegalStateException.class, thrown.get(5, TimeUnit.SECONDS));
            inSync(cache);
        }
    }

    @Test
    @DisplayName("F12 a decode that blocks holds up its own future only")
    void blockedDecode() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        server.put("odd", ODD_FLAGS, "v");
        Serde blocking = new OddSerde(() -> {
            entered.countDown();
            await(release);
        });
        try (BlockingMemcachedClient cache =
                builder().serde(blocking).callbackExecutor(threads).build()) {
            CompletableFuture<?> blocked = cache.async().get("odd", StringBuilder.class);
            await(entered);
            inSync(cache);
            assertEquals(
                    "v",
                    cache.async()
                            .set("k", "v")
                            .thenCompose(done -> cache.async().get("k", String.class))
                            .get(5, TimeUnit.SECONDS));
            release.countDown();
            assertEquals("v", blocked.get(5, TimeUnit.SECONDS).toString());
        }
    }

    @Test
    @DisplayName("F33 closing wakes blocked callers, ends futures, and leaves no thread and no socket")
    void closing() throws Exception {
        LeakCheck baseline = LeakCheck.baseline("cachewire-");
        server.on("mg", turn -> turn.mute());
        BlockingMemcachedClient cache = builder().build();
        List<Future<?>> callers = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            String key = "k" + i;
            callers.add(threads.submit(
                    () -> assertThrows(ClientClosedException.class, () -> cache.get(key, String.class))));
        }
        List<CompletableFuture<?>> futures = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            futures.add(cache.async().get("f" + i, String.class));
        }
        Awaitility.await()
                .until(() -> server.requests().stream()
                                .filter(request -> request.command().equals("mg"))
                                .count()
                        == 100);
        assertTrue(
                Thread.getAllStackTraces().keySet().stream()
                        .filter(thread -> thread.getName().startsWith("cachewire-"))
                        .allMatch(Thread::isDaemon),
                "the JVM can end without a close");
        long start = System.nanoTime();
        cache.close();
        assertTrue(System.nanoTime() - start < Duration.ofSeconds(1).toNanos());
        for (Future<?> caller : callers) {
            caller.get(5, TimeUnit.SECONDS);
        }
        for (CompletableFuture<?> future : futures) {
            Throwable cause = assertThrows(Exception.class, () -> future.get(5, TimeUnit.SECONDS))
                    .getCause();
            assertInstanceOf(ClientClosedException.class, cause);
        }
        cache.close();
        assertThrows(ClientClosedException.class, () -> cache.set("k", "v"));
        assertThrows(ClientClosedException.class, () -> cache.fireAndForget().set("k", "v"));
        baseline.awaitBaseline(Duration.ofSeconds(5));
    }

    private record OddSerde(Runnable onDecode) implements Serde {
        @Override
        public boolean encodes(ValueType<?> type) {
            return type.rawClass() == StringBuilder.class;
        }

        @Override
        public EncodedValue encode(String key, Object value, ValueType<?> type) {
            return new EncodedValue(DataBlock.ofUtf8(value.toString()), ODD_FLAGS);
        }

        @Override
        public boolean decodes(int flags) {
            return flags == ODD_FLAGS;
        }

        @Override
        public <T> T decode(String key, EncodedValue stored, ValueType<T> type) {
            onDecode.run();
            @SuppressWarnings("unchecked") // encodes() takes no other type
            T value = (T) new StringBuilder(stored.data().toUtf8());
            return value;
        }
    }
}
