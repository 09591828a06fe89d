package io.cachewire.loading;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cachewire.BlockingMemcachedClient;
import io.cachewire.Protocol;
import io.cachewire.ValueType;
import io.cachewire.fixture.MemcachedServer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What is asked for and stored without a load: placeholders, marks of loads and of absence are no values. */
final class PresenceTest {
    private static MemcachedServer server;

    @BeforeAll
    static void start() {
        server = MemcachedServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    static Stream<Protocol> protocols() {
        return Stream.of(Protocol.META, Protocol.TEXT, Protocol.BINARY);
    }

    private static BlockingMemcachedClient client(Protocol protocol) {
        BlockingMemcachedClient client = BlockingMemcachedClient.builder(
                        server.address().toString())
                .protocol(protocol)
                .requestTimeout(Duration.ofSeconds(10))
                .build();
        client.flushAll();
        return client;
    }

    private static LoadingBuilder<Long, String, LoadingCache<Long, String>> builder(BlockingMemcachedClient client) {
        return LoadingCache.<Long, String>builder(client, "user:", String.class).ttl(Duration.ofMinutes(5));
    }

    @ParameterizedTest
    @MethodSource("protocols")
    void aValueIsToldFromAMissAndFromARememberedNull(Protocol protocol) {
        try (BlockingMemcachedClient client = client(protocol)) {
            LoadingCache<Long, String> view =
                    builder(client).absent(Duration.ofMinutes(5)).build();
            assertNull(view.getIfPresent(1L));
            view.put(1L, "one");
            assertEquals(new Cached<>("one"), view.getIfPresent(1L));
            view.put(1L, null);
            assertEquals(new Cached<>(null), view.getIfPresent(1L));
            assertNull(view.get(1L, id -> "not wanted"));
            assertTrue(view.invalidate(1L));
            assertFalse(view.invalidate(1L));
            assertNull(view.getIfPresent(1L));
            assertNull(view.get(2L, id -> null));
            assertEquals(new Cached<>(null), view.getIfPresent(2L));
        }
    }

    @ParameterizedTest
    @MethodSource("protocols")
    void nullIsTheSameAsInvalidateWhereNullsAreNotRemembered(Protocol protocol) {
        try (BlockingMemcachedClient client = client(protocol)) {
            LoadingCache<Long, String> view = builder(client).build();
            view.put(1L, "one");
            view.put(1L, null);
            assertNull(view.getIfPresent(1L));
            assertThrows(IllegalArgumentException.class, () -> view.putIfAbsent(1L, null));
        }
    }

    @ParameterizedTest
    @MethodSource("protocols")
    void aLoadUnderWayIsAMissAndWhatIsPutMeanwhileStays(Protocol protocol) {
        try (BlockingMemcachedClient client = client(protocol)) {
            LoadingCache<Long, String> view = builder(client).build();
            assertEquals("loaded", view.get(1L, id -> {
                assertNull(view.getIfPresent(id));
                assertNull(view.putIfAbsent(id, "put"));
                assertEquals(new Cached<>("put"), view.putIfAbsent(id, "too late"));
                return "loaded";
            }));
            assertEquals(new Cached<>("put"), view.getIfPresent(1L));
        }
    }

    @ParameterizedTest
    @MethodSource("protocols")
    void aRememberedNullIsReplacedByAValueAndNotByANull(Protocol protocol) {
        try (BlockingMemcachedClient client = client(protocol)) {
            LoadingCache<Long, String> view =
                    builder(client).absent(Duration.ofMinutes(5)).build();
            assertNull(view.putIfAbsent(1L, null));
            assertEquals(new Cached<>(null), view.putIfAbsent(1L, null));
            assertNull(view.putIfAbsent(1L, "one"));
            assertEquals(new Cached<>("one"), view.putIfAbsent(1L, null));
        }
    }

    @Test
    void aValueWhoseTimeIsOverIsAMissAndIsReplaced() {
        try (BlockingMemcachedClient client = client(Protocol.AUTO)) {
            LoadingCache<Long, String> view =
                    builder(client).failSafe(Duration.ofHours(1)).build();
            client.set("user:1", "over", Duration.ofMinutes(10));
            assertNull(view.getIfPresent(1L));
            assertNull(view.putIfAbsent(1L, "one"));
            assertEquals(new Cached<>("one"), view.getIfPresent(1L));
        }
    }

    @Test
    void aStaleValueIsThereAndItsTurnStaysFree() {
        try (BlockingMemcachedClient client = client(Protocol.AUTO)) {
            LoadingCache<Long, String> view =
                    builder(client).staleFor(Duration.ofMinutes(1)).build();
            view.put(1L, "old");
            view.invalidate(1L);
            assertEquals(new Cached<>("old"), view.getIfPresent(1L));
            assertEquals(new Cached<>("old"), view.putIfAbsent(1L, "not stored"));
            assertEquals("new", view.get(1L, id -> "new"));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Protocol.class,
            names = {"META", "TEXT", "BINARY"})
    void ofManyAtOnceOnePuts(Protocol protocol) {
        try (BlockingMemcachedClient client = client(protocol)) {
            AsyncLoadingCache<Long, String> view =
                    builder(client).absent(Duration.ofMinutes(5)).build().async();
            for (long round = 0; round < 20; round++) {
                long key = round;
                view.put(key, null).join();
                var all = IntStream.range(0, 50)
                        .mapToObj(i -> view.putIfAbsent(key, "v" + i))
                        .toList();
                long stored = all.stream()
                        .map(CompletableFuture::join)
                        .filter(found -> found == null)
                        .count();
                assertEquals(1, stored);
            }
        }
    }

    @Test
    void valuesOfAnyTypeAreOneView() {
        try (BlockingMemcachedClient client = client(Protocol.AUTO)) {
            LoadingCache<String, Object> view = LoadingCache.<String, Object>builder(
                            client, "any:", ValueType.of(Object.class))
                    .ttl(Duration.ofMinutes(5))
                    .absent(Duration.ofMinutes(5))
                    .build();
            view.put("text", "a text");
            view.put("number", 5L);
            assertEquals(new Cached<Object>("a text"), view.getIfPresent("text"));
            assertEquals(new Cached<Object>(5L), view.getIfPresent("number"));
        }
    }
}
