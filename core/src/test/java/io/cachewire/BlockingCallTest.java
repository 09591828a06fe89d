package io.cachewire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cachewire.MemcachedException.Delivery;
import io.cachewire.fixture.MemcachedServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What threads may do with the blocking face: be interrupted, be many, be virtual. */
@SuppressWarnings("try") // close is what some tests call
class BlockingCallTest {
    private MemcachedServer server;
    private BlockingMemcachedClient cache;

    @BeforeEach
    void connect() {
        // a server of its own for each test, so that its connections are the test's
        server = MemcachedServer.start();
        cache = BlockingMemcachedClient.builder(server.address().toString())
                .requestTimeout(Duration.ofSeconds(60))
                .stallTimeout(Duration.ofMinutes(2))
                .build();
        cache.version();
    }

    @AfterEach
    void disconnect() {
        cache.close();
        server.close();
    }

    private long connectionsSoFar() {
        return Long.parseLong(cache.stats().get(server.address()).get("total_connections"));
    }

    /** The client's end of each connection, and where the server listens. */
    private Set<String> connections() {
        return cache.stats("conns").get(server.address()).entrySet().stream()
                .filter(line -> line.getKey().endsWith(":addr"))
                .map(Map.Entry::getValue)
                .collect(Collectors.toSet());
    }

    @Test
    void interruptedBeforeTheCall() {
        Thread.currentThread().interrupt();
        CallInterruptedException e = assertThrows(CallInterruptedException.class, () -> cache.set("k", "v"));
        assertTrue(Thread.interrupted(), "the flag is kept");
        assertEquals(Delivery.NOT_SENT, e.delivery());
        assertEquals("k", e.key());
        assertNull(cache.get("k", String.class));
    }

    @Test
    void interruptedBeforeACallOverManyKeys() {
        cache.set("k", "v");
        Thread.currentThread().interrupt();
        assertThrows(CallInterruptedException.class, () -> cache.getAll(List.of("k"), String.class));
        assertTrue(Thread.interrupted(), "the flag is kept");
        assertEquals(Map.of("k", "v"), cache.getAll(List.of("k"), String.class));
    }

    @Test
    void interruptedDuringTheCall() throws Exception {
        cache.set("a", "of a");
        cache.set("b", "of b");
        Set<String> before = connections();
        CompletableFuture<Boolean> flag = new CompletableFuture<>();
        Thread caller = new Thread(() -> {
            try {
                flag.completeExceptionally(new AssertionError("got " + cache.get("a", String.class)));
            } catch (CallInterruptedException e) {
                flag.complete(Thread.currentThread().isInterrupted());
            } catch (RuntimeException e) {
                flag.completeExceptionally(e);
            }
        });
        try (Pause pause = Pause.of(server)) {
            caller.start();
            Threads.awaitParked(caller);
            caller.interrupt();
            assertTrue(flag.get(30, TimeUnit.SECONDS), "the flag is set again");
        }
        // the reply that nobody waits for any more is not taken for the next one
        assertEquals("of b", cache.get("b", String.class));
        assertTrue(connections().containsAll(before), "the connection lives on");
    }

    @Test
    void manyThreads() throws Exception {
        long before = connectionsSoFar();
        Threads.each(64, thread -> {
            for (int i = 0; i < 50; i++) {
                String key = "t" + thread + ":" + i;
                cache.set(key, key + " value");
                assertEquals(key + " value", cache.get(key, String.class));
            }
        });
        assertEquals(before, connectionsSoFar(), "all on one connection");
    }

    @Test
    void virtualThreadsDoNotHoldTheirCarriers() throws Exception {
        assumeTrue(Runtime.version().feature() >= 21, "needs virtual threads");
        int blocked = 16 + 4 * Runtime.getRuntime().availableProcessors();
        cache.set("k", "v");
        ExecutorService virtual = (ExecutorService)
                Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        try {
            List<Future<?>> waiting;
            try (Pause pause = Pause.of(server)) {
                waiting = Threads.start(virtual, blocked, thread -> assertEquals("v", cache.get("k", String.class)));
                // with every carrier held by a waiting call this one would never run
                assertEquals("ran", virtual.submit(() -> "ran").get(30, TimeUnit.SECONDS));
            }
            Threads.await(waiting);
        } finally {
            virtual.shutdownNow();
        }
    }

    @Test
    void closeEndsCallsThatWait() throws Exception {
        cache.set("k", "v");
        CompletableFuture<Delivery> ended = new CompletableFuture<>();
        Thread caller = new Thread(() -> {
            try {
                ended.completeExceptionally(new AssertionError("got " + cache.get("k", String.class)));
            } catch (ClientClosedException e) {
                ended.complete(e.delivery());
            } catch (RuntimeException e) {
                ended.completeExceptionally(e);
            }
        });
        try (Pause pause = Pause.of(server)) {
            caller.start();
            Threads.awaitParked(caller);
            cache.close();
            assertEquals(Delivery.INDETERMINATE, ended.get(30, TimeUnit.SECONDS));
        }
    }
}
