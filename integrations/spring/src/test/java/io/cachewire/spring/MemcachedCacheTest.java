package io.cachewire.spring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cachewire.BlockingMemcachedClient;
import io.cachewire.ConnectionLostException;
import io.cachewire.MemcachedException;
import io.cachewire.ValueType;
import io.cachewire.embedded.EmbeddedMemcached;
import io.cachewire.fixture.MemcachedServer;
import io.cachewire.serde.FlagScheme;
import io.cachewire.serde.Format;
import io.cachewire.serialization.jackson.JacksonSerde;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.cache.Cache;
import org.springframework.cache.interceptor.SimpleKey;

class MemcachedCacheTest {
    private static MemcachedServer server;
    private static BlockingMemcachedClient client;

    record Book(String title, int pages) {}

    record OldBook(String title, int pages, String shelf) {}

    @BeforeAll
    static void start() {
        server = MemcachedServer.start();
        client = client(server.address().toString());
    }

    private static BlockingMemcachedClient client(String address) {
        return BlockingMemcachedClient.builder(address)
                .serde(JacksonSerde.create())
                .requestTimeout(Duration.ofSeconds(5))
                .build();
    }

    @AfterAll
    static void stop() {
        client.close();
        server.close();
    }

    private static MemcachedCacheManager books() {
        return MemcachedCacheManager.builder(client)
                .ttl(Duration.ofMinutes(5))
                .cache("books", rules -> rules.type(Book.class))
                .build();
    }

    @Test
    void valuesHaveTheTypeOfTheCacheAndNoneInTheBytes() {
        MemcachedCache cache = books().getCache("books");
        Book book = new Book("Emma", 474);
        cache.put("types", book);
        assertEquals(book, cache.get("types", Book.class));
        assertEquals(book, cache.get("types").get());
        assertEquals(book, cache.get("types", () -> new Book("other", 1)));
        assertEquals("{\"title\":\"Emma\",\"pages\":474}", raw("types"));
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> cache.put("types", "no book"));
        assertTrue(
                refused.getMessage().contains("books") && refused.getMessage().contains("String"));
        assertThrows(IllegalArgumentException.class, () -> cache.get("types-loaded", () -> "no book"));
        assertNull(cache.get("types-loaded"));
    }

    private static String raw(String key) {
        String generation = client.get("books:::generation", String.class);
        return new String(client.get("books::" + generation + ":" + key, byte[].class), StandardCharsets.UTF_8);
    }

    @Test
    void valuesLiveAsLongAsTheCacheSays() {
        MemcachedCache cache = MemcachedCacheManager.builder(client)
                .ttl(Duration.ofMinutes(5))
                .cache("short", rules -> rules.ttl(Duration.ofSeconds(100)))
                .cache("inherited")
                .build()
                .getCache("short");
        cache.put("ttl", "value");
        String generation = client.get("short:::generation", String.class);
        long left =
                client.item("short::" + generation + ":ttl", String.class).ttl().toSeconds();
        assertTrue(left > 80 && left <= 100, "left: " + left);
    }

    @Test
    void genericTypesAreRead() {
        MemcachedCache cache = MemcachedCacheManager.builder(client)
                .cache("lists", rules -> rules.type(new ValueType<List<Book>>() {}))
                .build()
                .getCache("lists");
        cache.put("all", List.of(new Book("Emma", 474)));
        assertEquals(List.of(new Book("Emma", 474)), cache.get("all").get());
    }

    @Test
    void aValueOfAClassThatChangedIsReplacedByTheNextLoad() {
        MemcachedCacheManager old = MemcachedCacheManager.builder(client)
                .cache("changed", rules -> rules.type(OldBook.class))
                .build();
        MemcachedCacheManager current = MemcachedCacheManager.builder(client)
                .cache("changed", rules -> rules.type(Integer.class))
                .build();
        Cache cache = current.getCache("changed");
        old.getCache("changed").put("plain", new OldBook("Emma", 474, "A1"));
        assertNull(cache.get("plain"));
        cache.put("plain", 1);
        assertEquals(1, cache.get("plain").get());
        old.getCache("changed").put("sync", new OldBook("Emma", 474, "A1"));
        assertEquals(2, cache.get("sync", () -> 2));
        assertEquals(2, cache.get("sync").get());
        old.getCache("changed").put("late", new OldBook("Emma", 474, "A1"));
        assertEquals(
                3,
                cache.retrieve("late", () -> CompletableFuture.completedFuture(3))
                        .join());
        assertTrue(current.failures().count() >= 1);
    }

    @Test
    void putIfAbsentStoresForOneOfMany() throws Exception {
        MemcachedCache cache = books().getCache("books");
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            for (int round = 0; round < 20; round++) {
                String key = "race-" + round;
                CyclicBarrier together = new CyclicBarrier(8);
                AtomicInteger stored = new AtomicInteger();
                List<Callback> callers = java.util.stream.IntStream.range(0, 8)
                        .mapToObj(i -> (Callback) () -> {
                            together.await();
                            if (cache.putIfAbsent(key, new Book("by", i)) == null) {
                                stored.incrementAndGet();
                            }
                        })
                        .toList();
                List<Future<?>> done = callers.stream()
                        .<Future<?>>map(caller -> threads.submit(() -> {
                            caller.run();
                            return null;
                        }))
                        .toList();
                for (Future<?> one : done) {
                    one.get();
                }
                assertEquals(1, stored.get());
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private interface Callback {
        void run() throws Exception;
    }

    @Test
    void putIfAbsentReplacesTheMarkOfALoadAndSpringsNullIsAValue() throws Exception {
        MemcachedCache cache = books().getCache("books");
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        CompletableFuture<Book> load = CompletableFuture.supplyAsync(() -> cache.get("loading", () -> {
            started.countDown();
            go.await();
            return new Book("loaded", 1);
        }));
        started.await();
        assertNull(cache.putIfAbsent("loading", new Book("put", 2)));
        go.countDown();
        assertEquals("loaded", load.join().title());
        assertEquals(new Book("put", 2), cache.get("loading").get());
    }

    @Test
    void clearIsSeenByAnotherManagerAndItsNewValuesStay() {
        MemcachedCache here = books().getCache("books");
        MemcachedCache there = books().getCache("books");
        here.put("clear", new Book("Emma", 1));
        assertNotNull(there.get("clear"));
        here.clear();
        assertNull(here.get("clear"));
        Awaitility.await().until(() -> there.get("clear") == null);
        there.put("clear", new Book("Emma", 2));
        assertEquals(new Book("Emma", 2), here.get("clear").get());
        assertFalse(here.invalidate());
    }

    @Test
    void keysOfEveryKindAreKeptApart() {
        MemcachedCache cache = MemcachedCacheManager.builder(client)
                .cache("keys", rules -> rules.type(String.class))
                .failFast(true)
                .build()
                .getCache("keys");
        String long1 = "x".repeat(10_000) + "1";
        List<Object> keys = List.of(
                "a b",
                "ab",
                " ",
                "",
                "a\nb",
                long1,
                long1 + "2",
                new SimpleKey("a b", "c"),
                new SimpleKey("a", "b c"),
                List.of(1, 2),
                "größe",
                "\ud800",
                "%ud800",
                new SimpleKey(),
                ":",
                "::");
        for (int i = 0; i < keys.size(); i++) {
            cache.put(keys.get(i), "value" + i);
        }
        for (int i = 0; i < keys.size(); i++) {
            assertEquals("value" + i, cache.get(keys.get(i)).get());
        }
        assertEquals("value9", cache.get(new int[] {1, 2}).get());
        assertThrows(IllegalArgumentException.class, () -> cache.get(null));
        assertThrows(IllegalArgumentException.class, () -> cache.put(null, "value"));
        assertThrows(IllegalArgumentException.class, () -> cache.get(new Object()));
    }

    @Test
    void namesOfEveryKindAreKeptApart() {
        MemcachedCacheManager manager =
                MemcachedCacheManager.builder(client).failFast(true).build();
        List<String> names = List.of("a", "a:", "a::", ":a", "a b", "a%20b", "a%3a", "größe");
        for (String name : names) {
            manager.getCache(name).put("k", "of " + name);
            manager.getCache(name).put(":k", "of " + name);
        }
        for (String name : names) {
            assertEquals("of " + name, manager.getCache(name).get("k").get());
            assertEquals("of " + name, manager.getCache(name).get(":k").get());
        }
        manager.getCache("a").clear();
        assertNotNull(manager.getCache("a:").get("k"));
        assertThrows(IllegalArgumentException.class, () -> manager.getCache("n".repeat(300)));
        assertEquals(names.size(), manager.getCacheNames().size());
    }

    @Test
    void settingsThatDoNotFitAreRefused() {
        MemcachedCacheManager.Builder builder =
                MemcachedCacheManager.builder(client).cache("books");
        IllegalArgumentException twice = assertThrows(IllegalArgumentException.class, () -> builder.cache("books"));
        assertTrue(twice.getMessage().contains("books"));
        assertThrows(IllegalArgumentException.class, () -> builder.cache(""));
        assertThrows(IllegalArgumentException.class, () -> builder.ttl(Duration.ZERO));
        IllegalArgumentException rules = assertThrows(
                IllegalArgumentException.class,
                () -> MemcachedCacheManager.builder(client)
                        .cache("x", own -> own.loading(loading -> loading.refreshAhead(Duration.ofSeconds(1))))
                        .build());
        assertTrue(rules.getMessage().contains("\"x\""), rules.getMessage());
        assertNull(builder.fixedNames().build().getCache("others"));
        FlagScheme foreign = FlagScheme.builder().format(Format.TEXT, 0).build();
        try (BlockingMemcachedClient other = BlockingMemcachedClient.builder(
                        server.address().toString())
                .flagScheme(foreign)
                .build()) {
            IllegalArgumentException marks = assertThrows(
                    IllegalArgumentException.class,
                    () -> MemcachedCacheManager.builder(other).cache("x").build());
            assertTrue(marks.getMessage().contains("nullValues(false)"), marks.getMessage());
            MemcachedCacheManager.builder(other).nullValues(false).cache("x").build();
        }
    }

    @Test
    void withoutAServerTheBusinessIsServed() {
        EmbeddedMemcached gone = EmbeddedMemcached.start();
        try (BlockingMemcachedClient lost = client(gone.address())) {
            MemcachedCacheManager manager = MemcachedCacheManager.builder(lost).build();
            MemcachedCacheManager strict =
                    MemcachedCacheManager.builder(lost).failFast(true).build();
            Cache cache = manager.getCache("down");
            cache.put("k", "v");
            gone.close();
            assertNull(cache.get("k"));
            assertNull(cache.retrieve("k").join());
            cache.put("k", "v");
            assertNull(cache.putIfAbsent("k", "v"));
            assertEquals("made", cache.get("k", () -> "made"));
            assertEquals(
                    "made",
                    cache.retrieve("k", () -> CompletableFuture.completedFuture("made"))
                            .join());
            assertThrows(RuntimeException.class, () -> cache.evict("k"));
            assertThrows(RuntimeException.class, cache::clear);
            assertTrue(
                    manager.failures().count() >= 6,
                    "failures: " + manager.failures().count());

            Cache failing = strict.getCache("down");
            assertThrows(RuntimeException.class, () -> failing.get("k"));
            assertThrows(RuntimeException.class, () -> failing.put("k", "v"));
            assertThrows(RuntimeException.class, () -> failing.get("k", () -> "made"));
            CompletionException late = assertThrows(
                    CompletionException.class, () -> failing.retrieve("k").join());
            assertTrue(CacheFailures.isOfCache(late.getCause()), "cause: " + late.getCause());
            assertThrows(
                    CompletionException.class,
                    () -> failing.retrieve("k", () -> CompletableFuture.completedFuture("made"))
                            .join());
        }
    }

    @Test
    void failuresAreToldAndFaultsOfTheProgramAreThrown() {
        AtomicInteger told = new AtomicInteger();
        CacheFailures failures = new CacheFailures((operation, failure) -> told.incrementAndGet());
        Cache cache = books().getCache("books");
        MemcachedException lost = assertInstanceOf(MemcachedException.class, lost());
        failures.handleCacheGetError(lost, cache, "k");
        failures.handleCachePutError(lost, cache, "k", "v");
        failures.handleCacheEvictError(lost, cache, "k");
        failures.handleCacheClearError(lost, cache);
        assertEquals(4, failures.count());
        assertEquals(4, told.get());
        IllegalArgumentException fault = new IllegalArgumentException("a fault");
        assertThrows(IllegalArgumentException.class, () -> failures.handleCacheGetError(fault, cache, "k"));
        assertEquals(4, failures.count());
    }

    private static Throwable lost() {
        EmbeddedMemcached gone = EmbeddedMemcached.start();
        gone.close();
        try (BlockingMemcachedClient lost = client(gone.address())) {
            return assertThrows(ConnectionLostException.class, () -> lost.get("k", String.class));
        }
    }

    @Test
    void statisticsCount() {
        MemcachedCache cache =
                MemcachedCacheManager.builder(client)
                        .cache("counted-" + System.nanoTime())
                        .fixedNames()
                        .build()
                        .getCacheNames()
                        .stream()
                        .map(name ->
                                MemcachedCacheManager.builder(client).build().getCache(name))
                        .findFirst()
                        .orElseThrow();
        cache.get("a");
        cache.put("a", "1");
        cache.get("a");
        cache.get("b", () -> "2");
        cache.get("b", () -> "3");
        cache.retrieve("c", () -> CompletableFuture.completedFuture("4")).join();
        cache.retrieve("c").join();
        cache.evict("a");
        cache.evictIfPresent("a");
        assertEquals(new CacheStatistics(3, 3, 3, 2), cache.statistics());
    }
}
