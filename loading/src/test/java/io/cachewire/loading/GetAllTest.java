package io.cachewire.loading;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cachewire.BlockingMemcachedClient;
import io.cachewire.Protocol;
import io.cachewire.fixture.InTime;
import io.cachewire.fixture.MemcachedServer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class GetAllTest {
    private static MemcachedServer server;
    private static MemcachedServer second;
    private BlockingMemcachedClient client;
    private LoadingCache<Long, String> users;

    @BeforeAll
    static void start() {
        server = MemcachedServer.start();
        second = MemcachedServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
        second.close();
    }

    @BeforeEach
    void open() {
        client = client(Protocol.AUTO);
        client.flushAll();
        users = builder(client).build();
    }

    @AfterEach
    void close() {
        client.close();
    }

    static Stream<Protocol> protocols() {
        return Stream.of(Protocol.META, Protocol.TEXT, Protocol.BINARY);
    }

    private static BlockingMemcachedClient client(Protocol protocol) {
        return BlockingMemcachedClient.builder(
                        server.address().toString(), second.address().toString())
                .protocol(protocol)
                .requestTimeout(Duration.ofSeconds(10))
                .build();
    }

    private static LoadingBuilder<Long, String, LoadingCache<Long, String>> builder(BlockingMemcachedClient client) {
        return LoadingCache.<Long, String>builder(client, "user:", String.class).ttl(Duration.ofMinutes(5));
    }

    private static Map<Long, String> named(Set<Long> ids) {
        return ids.stream().collect(Collectors.toMap(id -> id, id -> "name-" + id));
    }

    @ParameterizedTest
    @MethodSource("protocols")
    void allThatAreMissingAreLoadedAtOnceAndStored(Protocol protocol) {
        try (BlockingMemcachedClient other = client(protocol)) {
            LoadingCache<Long, String> view = builder(other)
                    .forgettable(true)
                    .absent(Duration.ofMinutes(5))
                    .build();
            view.put(7L, "seven");
            List<Long> ids = LongStream.range(0, 100).boxed().toList();
            AtomicInteger loads = new AtomicInteger();
            Map<Long, String> found = view.getAll(ids, missing -> {
                loads.incrementAndGet();
                assertEquals(99, missing.size());
                assertFalse(missing.contains(7L));
                return named(missing.stream().filter(id -> id != 50).collect(Collectors.toSet()));
            });
            assertEquals(1, loads.get());
            assertEquals(99, found.size());
            assertEquals("seven", found.get(7L));
            assertEquals(List.copyOf(found.keySet()).subList(0, 3), List.of(0L, 1L, 2L));
            assertEquals(found, view.getAll(ids, missing -> {
                throw new IOException("not wanted: " + missing);
            }));
            assertEquals(new Cached<>(null), view.getIfPresent(50L));
            view.invalidateAll();
            assertEquals(Map.of(1L, "name-1"), view.getAll(List.of(1L, 1L), GetAllTest::named));
        }
    }

    @Test
    void keysThatWereNotAskedForAreAnErrorAndNothingIsStored() {
        LoadFailedException failed = assertThrows(
                LoadFailedException.class,
                () -> users.getAll(List.of(1L, 2L), missing -> Map.of(1L, "one", 3L, "three")));
        assertTrue(failed.getMessage().contains("[3]"), failed.getMessage());
        assertNull(users.getIfPresent(1L));
        assertNull(users.getIfPresent(3L));
        assertThrows(LoadFailedException.class, () -> users.getAll(List.of(1L), missing -> null));
        assertEquals("one", users.get(1L, id -> "one"));
    }

    @Test
    void aLoaderThatThrowsGivesAllLeasesBack() {
        assertThrows(
                LoadFailedException.class,
                () -> users.getAll(List.of(1L, 2L), missing -> {
                    throw new IOException("down");
                }));
        long began = System.nanoTime();
        assertEquals(Map.of(1L, "name-1", 2L, "name-2"), users.getAll(List.of(1L, 2L), GetAllTest::named));
        assertTrue(Duration.ofNanos(System.nanoTime() - began).toSeconds() < 5);
    }

    @Test
    void callsWhoseKeysOverlapWaitForNobodyBeforeTheyHaveStored() throws Exception {
        try (BlockingMemcachedClient other = client(Protocol.AUTO)) {
            LoadingCache<Long, String> there = builder(other).build();
            CountDownLatch bothLoad = new CountDownLatch(2);
            CompletableFuture<Map<Long, String>> one =
                    CompletableFuture.supplyAsync(() -> users.getAll(List.of(1L, 2L), missing -> {
                        bothLoad.countDown();
                        InTime.await(bothLoad);
                        return named(missing);
                    }));
            CompletableFuture<Map<Long, String>> two =
                    CompletableFuture.supplyAsync(() -> there.getAll(List.of(2L, 1L, 3L), missing -> {
                        bothLoad.countDown();
                        InTime.await(bothLoad);
                        return named(missing);
                    }));
            assertEquals(2, InTime.await(one).size());
            assertEquals(3, InTime.await(two).size());
            assertEquals("name-3", client.get("user:3", String.class));
        }
    }

    @Test
    void aKeyThatAnotherCallerGivesUpIsTakenOver() throws Exception {
        AsyncLoadingCache<Long, String> async = users.async();
        CountDownLatch started = new CountDownLatch(1);
        CompletableFuture<String> first = async.get(1L, id -> {
            started.countDown();
            return new CompletableFuture<>();
        });
        InTime.await(started);
        CompletableFuture<Map<Long, String>> all =
                async.getAll(List.of(1L, 2L), missing -> CompletableFuture.completedFuture(named(missing)));
        while (users.getIfPresent(2L) == null) {
            Thread.onSpinWait();
        }
        first.cancel(true);
        assertEquals(Map.of(1L, "name-1", 2L, "name-2"), InTime.await(all));
    }

    @Test
    void aFutureThatIsCancelledGivesItsLoadsToOthers() throws Exception {
        AsyncLoadingCache<Long, String> async = users.async();
        CountDownLatch started = new CountDownLatch(1);
        CompletableFuture<Map<Long, String>> first = async.getAll(List.of(1L, 2L), missing -> {
            started.countDown();
            return new CompletableFuture<>();
        });
        InTime.await(started);
        CompletableFuture<Map<Long, String>> next =
                async.getAll(List.of(1L, 2L), missing -> CompletableFuture.completedFuture(named(missing)));
        while (users.stats().joined() < 2) {
            Thread.onSpinWait();
        }
        first.cancel(true);
        assertEquals(Map.of(1L, "name-1", 2L, "name-2"), InTime.await(next));
        assertThrows(
                CompletionException.class,
                () -> async.getAll(List.of(5L), missing -> null).join());
    }

    @Test
    void aLoadThatAsksForItsOwnKeysIsAnError() {
        assertThrows(
                LoadingCycleException.class,
                () -> users.getAll(List.of(1L, 2L), missing -> users.getAll(List.of(3L, 2L), inner -> named(inner))));
        assertEquals(Map.of(1L, "name-1"), users.getAll(List.of(1L), missing -> {
            users.getAll(List.of(3L, 2L), GetAllTest::named);
            return named(missing);
        }));
    }

    @Test
    void oldValuesServeWhenTheLoaderFails() {
        LoadingCache<Long, String> kept =
                builder(client).failSafe(Duration.ofHours(1)).build();
        client.set("user:1", "old-1", Duration.ofMinutes(10));
        client.set("user:2", "old-2", Duration.ofMinutes(10));
        assertEquals(Map.of(1L, "old-1", 2L, "old-2"), kept.getAll(List.of(1L, 2L), missing -> {
            throw new IOException("down");
        }));
    }

    @Test
    void valuesInTheirLastPartAreReloadedBehindTheCaller() {
        LoadingCache<Long, String> early = builder(client)
                .ttl(Duration.ofSeconds(100))
                .jitter(0)
                .refreshAhead(Duration.ofSeconds(99))
                .build();
        client.set("user:1", "old-1", Duration.ofSeconds(90));
        client.set("user:2", "old-2", Duration.ofSeconds(90));
        assertEquals(Map.of(1L, "old-1", 2L, "old-2"), early.getAll(List.of(1L, 2L), GetAllTest::named));
        while (!"name-1".equals(client.get("user:1", String.class))
                || !"name-2".equals(client.get("user:2", String.class))) {
            Thread.onSpinWait();
        }
        assertEquals(2, early.stats().loads());
    }
}
