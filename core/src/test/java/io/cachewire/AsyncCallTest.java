package io.cachewire;

import static io.cachewire.fixture.InTime.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cachewire.fixture.MemcachedServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What becomes of futures: cancelled, completed on this executor or that, or refused by it. */
@SuppressWarnings("try") // close is what some tests call
class AsyncCallTest {
    private static MemcachedServer server;

    @BeforeAll
    static void startServer() {
        server = MemcachedServer.start();
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    private static ClientBuilder<AsyncMemcachedClient> builder(String address) {
        return AsyncMemcachedClient.builder(address)
                .protocol(Protocol.META)
                .requestTimeout(Duration.ofSeconds(60))
                .connectTimeout(Duration.ofSeconds(60))
                .stallTimeout(Duration.ofMinutes(2));
    }

    private static AsyncMemcachedClient client(Executor callbacks) {
        return builder(server.address().toString()).callbackExecutor(callbacks).build();
    }

    @Test
    void cancelBeforeTheRequestIsWritten() throws Exception {
        try (RecordingServer silent = RecordingServer.startSilent();
                AsyncMemcachedClient cache = builder(silent.address()).build()) {
            CompletableFuture<Void> set = cache.set("k", "v");
            assertFalse(set.isDone());
            assertTrue(set.cancel(true));
            assertTrue(set.isCancelled());
            assertThrows(CancellationException.class, set::join);
            CompletableFuture<?> version = cache.version();
            silent.answer();
            await(version);
            assertEquals("version\r\n", silent.received());
        }
    }

    @Test
    void cancelOfACallOverManyKeys() throws Exception {
        cancelled(cache -> List.of(
                cache.getAllResults(List.of("a"), ValueType.of(String.class)),
                cache.setAllResults(Map.of("b", "v"), Expiry.never()),
                cache.deleteAllResults(List.of("c"))));
    }

    @Test
    void cancelOfACallWithADerivedResult() throws Exception {
        cancelled(cache -> List.of(
                cache.getAll(List.of("a"), String.class),
                cache.getsAll(List.of("b"), ValueType.of(String.class)),
                cache.setAll(Map.of("c", "v")),
                cache.deleteAll(List.of("d")),
                cache.getOrDefault("e", String.class, "other"),
                cache.update("f", ValueType.of(String.class), Expiry.never(), old -> "v"),
                cache.stats(),
                cache.flushAll()));
    }

    /** None of the calls is written when they are cancelled before the server has greeted. */
    private static void cancelled(Function<AsyncMemcachedClient, List<CompletableFuture<?>>> start) throws Exception {
        try (RecordingServer silent = RecordingServer.startSilent();
                AsyncMemcachedClient cache = builder(silent.address()).build()) {
            for (CompletableFuture<?> call : start.apply(cache)) {
                assertTrue(call.cancel(true));
                assertTrue(call.isCancelled());
            }
            CompletableFuture<?> version = cache.version();
            silent.answer();
            await(version);
            assertEquals("version\r\n", silent.received());
        }
    }

    @Test
    void cancelAfterTheRequestIsWritten() throws Exception {
        try (AsyncMemcachedClient cache = client(Runnable::run)) {
            await(cache.setAll(Map.of("a", "of a", "b", "of b")));
            CompletableFuture<String> ofA;
            CompletableFuture<String> ofB;
            try (Pause pause = Pause.of(server)) {
                ofA = cache.get("a", String.class);
                ofB = cache.get("b", String.class);
                assertTrue(ofA.cancel(false));
            }
            assertEquals("of b", await(ofB));
            assertTrue(ofA.isCancelled());
            assertEquals("of a", await(cache.get("a", String.class)));
        }
    }

    @Test
    void cancelOfACompletedFutureDoesNothing() throws Exception {
        try (AsyncMemcachedClient cache = client(Runnable::run)) {
            await(cache.set("k", "v"));
            CompletableFuture<String> get = cache.get("k", String.class);
            assertEquals("v", await(get));
            assertFalse(get.cancel(true));
            assertEquals("v", get.join());
        }
    }

    @Test
    void cancelOfADependentStageLeavesTheCallAlone() throws Exception {
        try (AsyncMemcachedClient cache = client(Runnable::run)) {
            CompletableFuture<Void> set;
            CompletableFuture<Integer> dependent;
            try (Pause pause = Pause.of(server)) {
                set = cache.set("kept", "v");
                dependent = set.thenApply(nothing -> 1);
                assertTrue(dependent.cancel(true));
            }
            await(set);
            assertEquals("v", await(cache.get("kept", String.class)));
        }
    }

    @Test
    void runsOnTheGivenExecutor() throws Exception {
        List<Runnable> queued = new ArrayList<>();
        try (AsyncMemcachedClient cache = client(task -> {
            synchronized (queued) {
                queued.add(task);
                queued.notifyAll();
            }
        })) {
            CompletableFuture<Void> set = cache.set("k", "v");
            AtomicReference<Thread> ranOn = new AtomicReference<>();
            CompletableFuture<Void> after = set.thenRun(() -> ranOn.set(Thread.currentThread()));
            Runnable task;
            synchronized (queued) {
                while (queued.isEmpty()) {
                    queued.wait(30_000);
                }
                task = queued.remove(0);
            }
            assertFalse(set.isDone());
            task.run();
            await(after);
            assertSame(Thread.currentThread(), ranOn.get());
        }
    }

    @Test
    void aBlockingCallOnTheIoThreadIsRefused() throws Exception {
        try (AsyncMemcachedClient cache = client(Runnable::run)) {
            BlockingMemcachedClient blocking = cache.blocking();
            CompletableFuture<String> set;
            try (Pause pause = Pause.of(server)) {
                // while the server is silent the stage is sure to be there before the reply is
                set = cache.set("k", "v").thenApply(nothing -> blocking.get("k", String.class));
            }
            ExecutionException e = assertThrows(ExecutionException.class, () -> await(set));
            assertEquals(IllegalStateException.class, e.getCause().getClass());
            assertEquals("v", await(cache.get("k", String.class)));
        }
    }

    @Test
    void aChainOnTheIoThread() throws Exception {
        try (AsyncMemcachedClient cache = client(Runnable::run)) {
            CompletableFuture<Long> chain = cache.set("n", 0L)
                    .thenCompose(nothing -> cache.increment("n"))
                    .thenCompose(one -> cache.increment("n", 41));
            assertEquals(42L, await(chain));
        }
    }

    @Test
    void anExecutorThatRefuses() throws Exception {
        RejectedExecutionException refusal = new RejectedExecutionException("full");
        try (AsyncMemcachedClient cache = client(task -> {
            throw refusal;
        })) {
            ExecutionException e = assertThrows(ExecutionException.class, () -> await(cache.set("refused", "v")));
            assertSame(refusal, e.getCause());
            // neither the connection nor the I/O thread took harm
            assertEquals("v", cache.blocking().get("refused", String.class));
        }
    }

    @Test
    void closeEndsFutures() throws Exception {
        try (RecordingServer silent = RecordingServer.startSilent();
                AsyncMemcachedClient cache = builder(silent.address()).build()) {
            CompletableFuture<Boolean> delete = cache.delete("k");
            cache.close();
            ExecutionException e = assertThrows(ExecutionException.class, () -> await(delete));
            ClientClosedException closed = (ClientClosedException) e.getCause();
            assertEquals(MemcachedException.Delivery.NOT_SENT, closed.delivery());
        }
    }

    @Test
    void failuresAreInTheFuture() throws Exception {
        try (AsyncMemcachedClient cache = client(Runnable::run)) {
            await(cache.set("text", "abc"));
            CompletableFuture<Long> increment = cache.increment("text");
            ExecutionException e = assertThrows(ExecutionException.class, () -> await(increment));
            assertEquals(NotANumberException.class, e.getCause().getClass());
            assertTrue(increment.isCompletedExceptionally());
        }
    }
}
