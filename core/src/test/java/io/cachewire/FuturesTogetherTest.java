package io.cachewire;

import static io.cachewire.fixture.InTime.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cachewire.fixture.AnswersTogether;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiFunction;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Futures whose answers come all at once. */
class FuturesTogetherTest {
    private static final int CALLERS = 60;
    private static final String LAST = "k" + (CALLERS - 1);

    private static AnswersTogether together;

    @BeforeAll
    static void start() throws Exception {
        together = new AnswersTogether();
        try (AsyncMemcachedClient cache = client(Runnable::run)) {
            for (int i = 0; i < CALLERS; i++) {
                await(cache.set("k" + i, "v" + i));
            }
        }
    }

    @AfterAll
    static void stop() {
        together.close();
    }

    private static AsyncMemcachedClient client(Executor callbacks) {
        AsyncMemcachedClient cache = AsyncMemcachedClient.builder(
                        together.address().toString())
                .protocol(Protocol.META)
                .requestTimeout(Duration.ofSeconds(10))
                .callbackExecutor(callbacks)
                .build();
        // while answers are kept back nothing could connect
        cache.blocking().get("connected", String.class);
        return cache;
    }

    private interface Body {
        void with(AsyncMemcachedClient cache) throws Exception;
    }

    private static void onThreads(int threads, Body body) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(threads, task -> new Thread(task, "callbacks"));
        try (AsyncMemcachedClient cache = client(pool)) {
            body.with(cache);
        } finally {
            pool.shutdownNow();
        }
    }

    /** One read for each key, with a stage that gets its number and its value. */
    private static <T> List<CompletableFuture<T>> reads(
            AsyncMemcachedClient cache, BiFunction<Integer, String, T> stage) {
        return together.during(LAST, () -> {
            List<CompletableFuture<T>> all = new ArrayList<>();
            for (int i = 0; i < CALLERS; i++) {
                int number = i;
                all.add(cache.get("k" + i, String.class).thenApply(value -> stage.apply(number, value)));
            }
            return all;
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 8})
    void eachHasItsOwnValueOnTheExecutor(int threads) throws Exception {
        onThreads(threads, cache -> {
            List<CompletableFuture<String>> all =
                    reads(cache, (i, value) -> value + Thread.currentThread().getName());
            for (int i = 0; i < CALLERS; i++) {
                assertEquals("v" + i + "callbacks", await(all.get(i)));
            }
        });
    }

    /** The first, before anything has been found to take long, and one in the middle of any share. */
    @ParameterizedTest
    @ValueSource(ints = {0, 27})
    void oneThatKeepsItsThreadBusyHoldsUpNoOther(int busy) throws Exception {
        onThreads(2, cache -> {
            CountDownLatch others = new CountDownLatch(CALLERS - 1);
            List<CompletableFuture<Boolean>> all = reads(cache, (i, value) -> {
                if (i == busy) {
                    await(others);
                    return true;
                }
                others.countDown();
                return true;
            });
            for (CompletableFuture<Boolean> one : all) {
                assertTrue(await(one));
            }
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 27})
    void oneThatWaitsForAnotherOfItsTurn(int waiting) throws Exception {
        onThreads(2, cache -> {
            CompletableFuture<String> last = new CompletableFuture<>();
            List<CompletableFuture<String>> all = reads(cache, (i, value) -> {
                if (i == CALLERS - 1) {
                    last.complete(value);
                }
                return i == waiting ? last.join() : value;
            });
            assertEquals("v" + (CALLERS - 1), await(all.get(waiting)));
        });
    }

    @Test
    void blockingCallsInStages() throws Exception {
        onThreads(2, cache -> {
            BlockingMemcachedClient blocking = cache.blocking();
            List<CompletableFuture<String>> all =
                    reads(cache, (i, value) -> blocking.get("k" + (i + 1) % CALLERS, String.class));
            for (int i = 0; i < CALLERS; i++) {
                assertEquals("v" + (i + 1) % CALLERS, await(all.get(i)));
            }
        });
    }

    @Test
    void stagesThatAskAndWait() throws Exception {
        // as many as can wait at the same time: their answers need a thread too
        onThreads(CALLERS + 1, cache -> {
            List<CompletableFuture<String>> all = reads(
                    cache,
                    (i, value) ->
                            cache.get("k" + (i + 1) % CALLERS, String.class).join());
            for (int i = 0; i < CALLERS; i++) {
                assertEquals("v" + (i + 1) % CALLERS, await(all.get(i)));
            }
        });
    }

    @Test
    void oneThatKeepsItsThreadBusyUntilARequestHasComeDoesNotKeepItBack() throws Exception {
        onThreads(1, cache -> {
            CountDownLatch hasCome = new CountDownLatch(1);
            List<CompletableFuture<Boolean>> all = reads(cache, (i, value) -> {
                if (i > 0) {
                    return true;
                }
                together.server().next("md", turn -> {
                    hasCome.countDown();
                    turn.send(turn.honest());
                });
                cache.delete("next");
                await(hasCome);
                return true;
            });
            for (CompletableFuture<Boolean> one : all) {
                assertTrue(await(one));
            }
        });
    }

    @Test
    void oneThatWasCancelledMeanwhile() throws Exception {
        onThreads(2, cache -> {
            List<CompletableFuture<String>> all = together.during(LAST, () -> {
                List<CompletableFuture<String>> made = new ArrayList<>();
                for (int i = 0; i < CALLERS; i++) {
                    made.add(cache.get("k" + i, String.class));
                }
                for (int i = 0; i < CALLERS; i += 5) {
                    assertTrue(made.get(i).cancel(true));
                }
                return made;
            });
            for (int i = 0; i < CALLERS; i++) {
                if (i % 5 == 0) {
                    assertTrue(all.get(i).isCancelled());
                } else {
                    assertEquals("v" + i, await(all.get(i)));
                }
            }
        });
    }

    @Test
    void anExecutorThatRefusesAll() throws Exception {
        RejectedExecutionException refusal = new RejectedExecutionException("full");
        try (AsyncMemcachedClient cache = client(task -> {
            throw refusal;
        })) {
            for (CompletableFuture<String> one : reads(cache, (i, value) -> value)) {
                assertSame(
                        refusal,
                        assertThrows(ExecutionException.class, () -> await(one)).getCause());
            }
        }
    }

    @Test
    void onTheIoThread() throws Exception {
        try (AsyncMemcachedClient cache = client(Runnable::run)) {
            for (int round = 0; round < 2; round++) {
                List<CompletableFuture<String>> all = reads(
                        cache, (i, value) -> value + Thread.currentThread().getName());
                for (int i = 0; i < CALLERS; i++) {
                    String seen = await(all.get(i));
                    assertTrue(seen.matches("v" + i + "cachewire-\\d+-io.*"), seen);
                }
            }
        }
    }

    @Test
    void aFailedStageFailsNoOther() throws Exception {
        onThreads(1, cache -> {
            List<CompletableFuture<String>> all = reads(cache, (i, value) -> {
                if (i == 3) {
                    throw new AssertionError("of the stage");
                }
                return value;
            });
            assertEquals(
                    "of the stage",
                    assertThrows(ExecutionException.class, () -> await(all.get(3)))
                            .getCause()
                            .getMessage());
            assertEquals("v4", await(all.get(4)));
            assertEquals("v" + (CALLERS - 1), await(all.get(CALLERS - 1)));
            assertNull(await(cache.get("absent", String.class)));
        });
    }
}
