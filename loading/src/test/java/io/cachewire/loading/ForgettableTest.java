package io.cachewire.loading;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cachewire.BlockingMemcachedClient;
import io.cachewire.DataBlock;
import io.cachewire.FailureMode;
import io.cachewire.Gutter;
import io.cachewire.MemcachedException;
import io.cachewire.Protocol;
import io.cachewire.ServerState;
import io.cachewire.fixture.MemcachedServer;
import io.cachewire.serde.EncodedValue;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Views whose names are forgotten together. Two clients stand for two processes. */
final class ForgettableTest {
    private static final String KEY = "user::generation";
    private static final Duration CHECK = Duration.ofMillis(100);
    private static MemcachedServer server;

    @BeforeAll
    static void start() {
        server = MemcachedServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void empty() {
        try (BlockingMemcachedClient client = client(server, Protocol.AUTO)) {
            client.flushAll();
        }
    }

    private static BlockingMemcachedClient client(MemcachedServer at, Protocol protocol) {
        return BlockingMemcachedClient.builder(at.address().toString())
                .protocol(protocol)
                .requestTimeout(Duration.ofSeconds(5))
                .build();
    }

    private static LoadingBuilder<Long, String, LoadingCache<Long, String>> builder(BlockingMemcachedClient client) {
        return LoadingCache.<Long, String>builder(client, "user:", String.class)
                .ttl(Duration.ofMinutes(5))
                .generationCheck(CHECK)
                .forgettable(true);
    }

    private static String load(LoadingCache<Long, String> view, String value) {
        return view.get(1L, id -> value);
    }

    private static void awaitValue(LoadingCache<Long, String> view, String expected, String loaded) {
        await().atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(5))
                .untilAsserted(() -> assertEquals(expected, load(view, loaded)));
    }

    @ParameterizedTest
    @EnumSource(
            value = Protocol.class,
            names = {"META", "TEXT", "BINARY"})
    void allValuesAreForgottenHereAtOnceAndElsewhereAfterTheCheck(Protocol protocol) {
        try (BlockingMemcachedClient one = client(server, protocol);
                BlockingMemcachedClient two = client(server, protocol)) {
            LoadingCache<Long, String> here = builder(one).build();
            LoadingCache<Long, String> there = builder(two).build();
            assertEquals("old", load(here, "old"));
            assertEquals("old", load(there, "not wanted"));
            String generation = one.get(KEY, String.class);
            assertEquals("old", one.get("user:" + generation + ":1", String.class));
            here.invalidateAll();
            assertNull(here.getIfPresent(1L));
            assertTrue(generation.compareTo(one.get(KEY, String.class)) < 0);
            assertEquals("new", load(here, "new"));
            awaitValue(there, "new", "not wanted");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Protocol.class,
            names = {"META", "TEXT", "BINARY"})
    void aGenerationThatWasDamagedIsReplacedByALargerOne(Protocol protocol) {
        try (BlockingMemcachedClient one = client(server, protocol)) {
            LoadingCache<Long, String> view = builder(one).build();
            for (String damage :
                    new String[] {"deleted", "66", "x".repeat(16), "x".repeat(100_000), "ffffffffffffffff"}) {
                load(view, "old");
                String before = one.get(KEY, String.class);
                if (damage.equals("deleted")) {
                    one.delete(KEY);
                } else {
                    one.set(KEY, new EncodedValue(DataBlock.ofUtf8(damage), 77));
                }
                awaitValue(view, damage, damage);
                assertTrue(before.compareTo(one.get(KEY, String.class)) < 0);
                view.invalidateAll();
            }
        }
    }

    @Test
    void anOldGenerationThatReturnsIsReplacedAndItsValuesAreNotRead() {
        try (BlockingMemcachedClient one = client(server, Protocol.AUTO);
                BlockingMemcachedClient two = client(server, Protocol.AUTO)) {
            LoadingCache<Long, String> here = builder(one).build();
            load(here, "old");
            String old = one.get(KEY, String.class);
            here.invalidateAll();
            assertEquals("new", load(here, "new"));
            String later = one.get(KEY, String.class);
            one.set(KEY, old);
            awaitValue(here, "newer", "newer");
            assertTrue(later.compareTo(one.get(KEY, String.class)) < 0);
            assertEquals("newer", load(builder(two).build(), "not wanted"));
        }
    }

    @Test
    void aLoadUnderWayIsNotSeenAfterAllWasForgotten() {
        try (BlockingMemcachedClient one = client(server, Protocol.AUTO)) {
            LoadingCache<Long, String> view = builder(one).build();
            assertEquals("old", view.get(1L, id -> {
                view.invalidateAll();
                assertEquals(
                        "new",
                        CompletableFuture.supplyAsync(() -> load(view, "new")).join());
                return "old";
            }));
            assertEquals("new", load(view, "not wanted"));
        }
    }

    @Test
    void aWriteOrDeleteUnderAGenerationThatWasForgottenIsDoneAgain() {
        try (BlockingMemcachedClient one = client(server, Protocol.AUTO);
                BlockingMemcachedClient two = client(server, Protocol.AUTO)) {
            LoadingCache<Long, String> here =
                    builder(one).generationCheck(Duration.ofMinutes(10)).build();
            LoadingCache<Long, String> there = builder(two).build();
            load(here, "old");
            there.invalidateAll();
            load(there, "stale");
            // this process has not read the generation since
            assertTrue(here.invalidate(1L));
            assertNull(there.getIfPresent(1L));
            there.invalidateAll();
            here.put(1L, "put");
            assertEquals(new Cached<>("put"), there.getIfPresent(1L));
            there.invalidateAll();
            assertNull(here.putIfAbsent(1L, "put again"));
            assertEquals(new Cached<>("put again"), there.getIfPresent(1L));
        }
    }

    @Test
    void whenTheGenerationCannotBeReadValuesAreLoadedAndNotStored() {
        try (MemcachedServer own = MemcachedServer.start();
                BlockingMemcachedClient one = client(own, Protocol.AUTO)) {
            LoadingCache<Long, String> view = builder(one).build();
            load(view, "old");
            own.kill();
            awaitValue(view, "loaded", "loaded");
            assertEquals("loaded again", load(view, "loaded again"));
            assertNull(view.getIfPresent(1L));
            assertThrows(MemcachedException.class, () -> view.put(1L, "put"));
            own.startAgain();
            await().atMost(Duration.ofSeconds(10)).until(() -> {
                load(view, "stored");
                return view.getIfPresent(1L) != null;
            });
            assertEquals("stored", load(view, "not wanted"));
        }
    }

    @Test
    void invalidateAllIsDoneWhenTheServerIsBack() {
        try (MemcachedServer own = MemcachedServer.start();
                BlockingMemcachedClient one = BlockingMemcachedClient.builder(
                                own.address().toString())
                        .requestTimeout(Duration.ofMillis(300))
                        .build();
                BlockingMemcachedClient two = client(own, Protocol.AUTO)) {
            LoadingCache<Long, String> here = builder(one).build();
            LoadingCache<Long, String> there = builder(two).build();
            load(here, "old");
            assertEquals("old", load(there, "not wanted"));
            String before = two.get(KEY, String.class);
            own.pause();
            assertThrows(MemcachedException.class, here::invalidateAll);
            own.resume();
            // nobody uses the view meanwhile
            await().atMost(Duration.ofSeconds(15)).until(() -> before.compareTo(two.get(KEY, String.class)) < 0);
            awaitValue(there, "new", "new");
            assertNotEquals("old", load(here, "new"));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = FailureMode.class,
            names = {"REHASH", "GUTTER"})
    void noServerStandsInForThatOfTheGeneration(FailureMode mode) {
        try (MemcachedServer first = MemcachedServer.start();
                MemcachedServer second = MemcachedServer.start();
                MemcachedServer spare = MemcachedServer.start();
                BlockingMemcachedClient one = moving(mode, spare, first, second)) {
            LoadingCache<Long, String> view = builder(one).build();
            load(view, "stored");
            String generation = one.get(KEY, String.class);
            MemcachedServer home = holds(first, generation) ? first : second;
            MemcachedServer other = mode == FailureMode.GUTTER ? spare : home == first ? second : first;
            home.kill();
            // until the server is dead its calls fail; after that its keys move
            await().atMost(Duration.ofSeconds(10)).until(() -> {
                one.add("moved", 1L);
                load(view, "loaded");
                return one.cluster().servers().stream().anyMatch(server -> server.health() == ServerState.Health.DEAD);
            });
            // what is known of the generation is good for the time of a check
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> load(view, "loaded").equals("loaded")
                            && load(view, "again").equals("again"));
            assertThrows(GenerationUnavailableException.class, () -> view.put(1L, "put"));
            assertThrows(GenerationUnavailableException.class, view::invalidateAll);
            try (BlockingMemcachedClient direct = client(other, Protocol.AUTO)) {
                assertNull(direct.get(KEY, String.class));
            }
            home.startAgain();
            await().atMost(Duration.ofSeconds(20)).until(() -> {
                load(view, "new");
                return view.getIfPresent(1L) != null;
            });
            assertTrue(generation.compareTo(one.get(KEY, String.class)) < 0);
        }
    }

    private static BlockingMemcachedClient moving(
            FailureMode mode, MemcachedServer spare, MemcachedServer first, MemcachedServer second) {
        var builder = BlockingMemcachedClient.builder(
                        first.address().toString(), second.address().toString())
                .requestTimeout(Duration.ofSeconds(5))
                .failureLimit(1);
        return mode == FailureMode.GUTTER
                ? builder.gutter(new Gutter(List.of(spare.address()), Duration.ofSeconds(10)))
                        .build()
                : builder.failureMode(mode).build();
    }

    private static boolean holds(MemcachedServer server, String generation) {
        try (BlockingMemcachedClient direct = client(server, Protocol.AUTO)) {
            return generation.equals(direct.get(KEY, String.class));
        }
    }

    @Test
    void anotherListOfServersBringsNoOldValue() {
        try (MemcachedServer other = MemcachedServer.start();
                BlockingMemcachedClient one = client(server, Protocol.AUTO)) {
            LoadingCache<Long, String> view = builder(one).build();
            load(view, "first");
            one.cluster().setServers(other.address().toString());
            awaitValue(view, "second", "second");
            view.invalidateAll();
            // the first server has the old generation and its value
            one.cluster().setServers(server.address().toString());
            awaitValue(view, "third", "third");
        }
    }

    @Test
    void theGenerationIsReadOnceInTheTimeBetweenChecks() {
        try (BlockingMemcachedClient one = client(server, Protocol.AUTO)) {
            LoadingCache<Long, String> view =
                    builder(one).generationCheck(Duration.ofMillis(200)).build();
            load(view, "stored");
            long before = gets(one);
            long began = System.nanoTime();
            int reads = 0;
            while (reads < 2000) {
                view.get(1L, id -> "not wanted");
                reads++;
            }
            long checks = (System.nanoTime() - began) / CHECK.multipliedBy(2).toNanos();
            long extra = gets(one) - before - reads;
            assertTrue(extra <= checks + 1, "extra: " + extra + " in the time of " + checks + " checks");
        }
    }

    private static long gets(BlockingMemcachedClient client) {
        return client.stats().values().stream()
                .mapToLong(stats -> Long.parseLong(stats.get("cmd_get")))
                .sum();
    }

    @Test
    void invalidateAllNeedsTheSetting() {
        try (BlockingMemcachedClient one = client(server, Protocol.AUTO)) {
            LoadingCache<Long, String> view = builder(one).forgettable(false).build();
            assertThrows(IllegalStateException.class, view::invalidateAll);
        }
    }

    @Test
    void manyAtOnceForgetAndNoneFails() {
        try (BlockingMemcachedClient one = client(server, Protocol.AUTO);
                BlockingMemcachedClient two = client(server, Protocol.AUTO)) {
            AsyncLoadingCache<Long, String> here = builder(one).build().async();
            AsyncLoadingCache<Long, String> there = builder(two).build().async();
            CompletableFuture<?>[] all = new CompletableFuture<?>[400];
            for (int i = 0; i < all.length; i++) {
                all[i] = (i % 2 == 0 ? here : there).invalidateAll();
            }
            CompletableFuture.allOf(all).join();
        }
    }

    @Test
    void viewsWithoutLoadersForgetTheirItems() {
        try (BlockingMemcachedClient one = client(server, Protocol.AUTO);
                BlockingMemcachedClient two = client(server, Protocol.AUTO)) {
            GenerationView here = Loading.generation(one, "user:", CHECK);
            GenerationView there = Loading.generation(two, "user:", CHECK);
            Duration ttl = Duration.ofMinutes(5);
            here.set("1", "old", ttl);
            assertTrue(here.putIfAbsent("2", "two", ttl));
            assertFalse(here.putIfAbsent("2", "three", ttl));
            assertEquals("old", there.get("1", String.class));
            assertEquals(2, there.getAll(List.of("1", "2", "3"), String.class).size());
            here.current().set("n", 5L);
            assertEquals(6L, there.current().increment("n"));
            assertTrue(there.delete("2"));
            assertNull(here.get("2", String.class));
            assertEquals("old", load(builder(one).build(), "not wanted"));
            here.invalidateAll();
            assertNull(here.get("1", String.class));
            await().atMost(Duration.ofSeconds(10)).until(() -> there.get("1", String.class) == null);
            assertNotNull(there.toString());
        }
    }
}
