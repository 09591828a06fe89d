package io.cachewire.loading;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cachewire.AsyncMemcachedClient;
import io.cachewire.BlockingMemcachedClient;
import io.cachewire.CallInterruptedException;
import io.cachewire.fixture.MemcachedServer;
import io.cachewire.serde.FlagScheme;
import io.cachewire.serde.Format;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class LoadingFacesTest {
    private static MemcachedServer server;
    private BlockingMemcachedClient client;
    private LoadingCache<Long, String> users;

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
        client = BlockingMemcachedClient.builder(server.address().toString())
                .requestTimeout(Duration.ofSeconds(10))
                .build();
        client.flushAll();
        users = builder().build();
    }

    @AfterEach
    void close() {
        client.close();
    }

    private LoadingBuilder<Long, String, LoadingCache<Long, String>> builder() {
        return LoadingCache.<Long, String>builder(client, "user:", String.class).ttl(Duration.ofMinutes(5));
    }

    @Test
    void blockingLoadsOnceOnTheCallersThread() {
        Thread here = Thread.currentThread();
        assertEquals("made", users.get(1L, id -> Thread.currentThread() == here ? "made" : "elsewhere"));
        assertEquals("made", users.get(1L, id -> "again"));
        assertEquals("made", client.get("user:1", String.class));
    }

    @Test
    void aCheckedExceptionIsTheCause() {
        LoadFailedException failed = assertThrows(
                LoadFailedException.class,
                () -> users.get(1L, id -> {
                    throw new IOException("down");
                }));
        assertInstanceOf(IOException.class, failed.getCause());
        assertThrows(
                IllegalArgumentException.class,
                () -> users.get(1L, id -> {
                    throw new IllegalArgumentException();
                }));
    }

    @Test
    void aLoadedValueHasItsOwnTime() {
        users.getLoaded(1L, id -> Loaded.of("short", Duration.ofSeconds(100)));
        long left = client.item("user:1", String.class).ttl().toSeconds();
        assertTrue(left > 80 && left <= 100, "left: " + left);
    }

    @Test
    void aWaiterThatIsInterruptedLeavesTheOthersAlone() throws InterruptedException {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        CompletableFuture<String> loader = CompletableFuture.supplyAsync(() -> users.get(1L, id -> {
            started.countDown();
            go.await();
            return "made";
        }));
        started.await();
        CompletableFuture<Throwable> seen = new CompletableFuture<>();
        Thread waiter = new Thread(() -> {
            try {
                users.get(1L, id -> "not wanted");
                seen.complete(null);
            } catch (Throwable e) {
                seen.complete(e);
            }
        });
        waiter.start();
        while (users.stats().joined() == 0) {
            Thread.onSpinWait();
        }
        waiter.interrupt();
        assertInstanceOf(CallInterruptedException.class, seen.join());
        go.countDown();
        assertEquals("made", loader.join());
    }

    @Test
    void aLoaderThatIsInterruptedHandsTheLoadOver() throws InterruptedException {
        CountDownLatch started = new CountDownLatch(1);
        Thread loader = new Thread(() -> assertThrows(
                CallInterruptedException.class,
                () -> users.get(1L, id -> {
                    started.countDown();
                    new CountDownLatch(1).await();
                    return "never";
                })));
        loader.start();
        started.await();
        CompletableFuture<String> waiter = CompletableFuture.supplyAsync(() -> users.get(1L, id -> "taken over"));
        while (users.stats().joined() == 0) {
            Thread.onSpinWait();
        }
        loader.interrupt();
        assertEquals("taken over", waiter.join());
        assertEquals("taken over", client.get("user:1", String.class));
    }

    @Test
    void futuresShareOneLoadAndAreCancelledOneByOne() {
        AsyncLoadingCache<Long, String> async = users.async();
        CompletableFuture<String> source = new CompletableFuture<>();
        AtomicInteger loads = new AtomicInteger();
        CompletableFuture<String> first = async.get(1L, id -> {
            loads.incrementAndGet();
            return source;
        });
        while (loads.get() == 0) {
            Thread.onSpinWait();
        }
        CompletableFuture<String> second = async.get(1L, id -> CompletableFuture.completedFuture("other"));
        CompletableFuture<String> third = async.get(1L, id -> CompletableFuture.completedFuture("other"));
        while (users.stats().joined() + async.stats().joined() < 4) {
            Thread.onSpinWait();
        }
        third.cancel(true);
        assertFalse(first.isDone() || second.isDone());
        source.complete("made");
        assertEquals("made", first.join());
        assertEquals("made", second.join());
        assertEquals(1, loads.get());
        assertEquals("made", client.get("user:1", String.class));
    }

    @Test
    void aFutureThatLoadsAndIsCancelledHandsTheLoadOver() {
        AsyncLoadingCache<Long, String> async = users.async();
        CountDownLatch started = new CountDownLatch(1);
        CompletableFuture<String> first = async.get(1L, id -> {
            started.countDown();
            return new CompletableFuture<>();
        });
        while (started.getCount() > 0) {
            Thread.onSpinWait();
        }
        CompletableFuture<String> second = async.get(1L, id -> CompletableFuture.completedFuture("taken over"));
        while (users.stats().joined() == 0) {
            Thread.onSpinWait();
        }
        first.cancel(true);
        assertEquals("taken over", second.join());
    }

    @Test
    void aStageThatFailsOrIsMissingFailsTheFuture() {
        AsyncLoadingCache<Long, String> async = users.async();
        CompletionException failed = assertThrows(
                CompletionException.class,
                () -> async.get(1L, id -> CompletableFuture.failedFuture(new IOException("down")))
                        .join());
        assertInstanceOf(IOException.class, failed.getCause());
        assertThrows(CompletionException.class, () -> async.get(1L, id -> null).join());
        assertEquals(
                "made",
                async.get(1L, id -> CompletableFuture.completedFuture("made")).join());
    }

    @Test
    void moreLoadsThanAllowedFail() {
        LoadingCache<Long, String> narrow = builder().maxFlights(1).build();
        LoadingOverloadedException refused = assertThrows(
                LoadingOverloadedException.class, () -> narrow.get(1L, id -> narrow.get(2L, other -> "inner") + "!"));
        assertTrue(refused.getMessage().contains("1 loads"));
        assertEquals("made", narrow.get(1L, id -> "made"));
        assertEquals("made", narrow.get(2L, id -> "made"));
    }

    @Test
    void theListenerAndItsFailuresDoNoHarm() {
        LoadingCache<Long, String> watched = builder()
                .listener(new LoadingListener() {
                    @Override
                    public void notStored(String key) {
                        throw new IllegalStateException();
                    }
                })
                .build();
        assertEquals("made", watched.get(1L, id -> {
            watched.invalidate(1L);
            return "made";
        }));
        assertNull(client.get("user:1", String.class));
        assertEquals(1, watched.stats().notStored());
    }

    @Test
    void aValueOverTheLimitIsReturnedAndTheNextCallerLoads() {
        String large = "x".repeat(2 << 20);
        assertEquals(large, users.get(1L, id -> large));
        assertEquals("small", users.get(1L, id -> "small"));
        assertEquals("small", client.get("user:1", String.class));
    }

    @Test
    void whatCannotBeDecodedIsReplaced() {
        LoadingCache<Long, Long> numbers = LoadingCache.<Long, Long>builder(client, "user:", Long.class)
                .ttl(Duration.ofMinutes(5))
                .build();
        client.set("user:1", "no number");
        assertEquals(5L, numbers.get(1L, id -> 5L));
        assertEquals(5L, client.get("user:1", Long.class));
    }

    @Test
    void settingsThatDoNotFitAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> LoadingCache.builder(client, "a view:", String.class));
        assertThrows(IllegalArgumentException.class, () -> builder().lease(Duration.ofMillis(999)));
        assertThrows(
                IllegalArgumentException.class,
                () -> builder().loadTimeout(Duration.ofSeconds(11)).build());
        assertThrows(
                IllegalArgumentException.class,
                () -> builder()
                        .ttl(Duration.ofMillis(1900))
                        .refreshAhead(Duration.ofSeconds(1))
                        .build());
        assertThrows(
                IllegalArgumentException.class,
                () -> LoadingCache.builder(client, "x:", String.class)
                        .failSafe(Duration.ofHours(1))
                        .build());
        FlagScheme foreign = FlagScheme.builder().format(Format.TEXT, 0).build();
        try (AsyncMemcachedClient other = AsyncMemcachedClient.builder(
                        server.address().toString())
                .flagScheme(foreign)
                .build()) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> AsyncLoadingCache.builder(other, "x:", String.class)
                            .absent(Duration.ofSeconds(1))
                            .build());
            assertFalse(AsyncLoadingCache.builder(other, "x:", String.class)
                    .build()
                    .settings()
                    .leases());
        }
    }
}
