package io.cachewire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cachewire.MemcachedException.Delivery;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Every operation of the async face that is about items. Each test is named after the operation. */
class AsyncMemcachedClientTest extends AsyncFace {
    @Test
    void get() {
        assertNull(await(cache.get("absent", String.class)));
        await(cache.set("k", "v"));
        assertEquals("v", await(cache.get("k", String.class)));
        assertEquals("v", await(cache.get("k", TEXT)));
        await(cache.set("n", 42L));
        assertEquals(42L, await(cache.get("n", Long.class)));
        await(cache.set("b", new byte[] {0, 13, 10, -1}));
        assertArrayEquals(new byte[] {0, 13, 10, -1}, await(cache.get("b", byte[].class)));
        await(cache.set("empty", ""));
        assertEquals("", await(cache.get("empty", String.class)));
        await(cache.set(Key.routed("user:1", "tenant-7"), "routed"));
        assertEquals("routed", await(cache.get(Key.hashed("user:1", 42), String.class))); // one server: any placement
    }

    @Test
    void getOrDefault() {
        assertEquals("other", await(cache.getOrDefault("absent", String.class, "other")));
        await(cache.set("k", ""));
        assertEquals("", await(cache.getOrDefault("k", String.class, "other")));
    }

    @Test
    void gets() {
        assertNull(await(cache.gets("absent", String.class)));
        await(cache.set("k", "v1"));
        CasValue<String> first = await(cache.gets("k", String.class));
        assertEquals("v1", first.value());
        assertEquals(first, await(cache.gets("k", TEXT)));
        await(cache.set("k", "v1"));
        assertNotEquals(first.cas(), await(cache.gets("k", String.class)).cas());
    }

    @Test
    void item() {
        assertNull(await(cache.item("absent", String.class)));
        await(cache.set("k", "value", Duration.ofHours(1)));
        Item<String> item = await(cache.item("k", String.class));
        assertEquals("value", item.value());
        assertEquals(5, item.size());
        assertEquals(await(cache.gets("k", String.class)).cas(), item.cas());
        if (speaksMeta()) {
            assertBetween(3598, 3600, item.ttl());
            assertFalse(item.hitBefore());
            assertTrue(await(cache.item("k", TEXT)).hitBefore());
            await(cache.set("for-ever", "v"));
            assertNull(await(cache.item("for-ever", String.class)).ttl());
        }
    }

    @Test
    void getAll() {
        await(cache.set("a", "1"));
        await(cache.set("c", "3"));
        assertEquals(Map.of("a", "1", "c", "3"), await(cache.getAll(List.of("a", "b", "c", "a"), String.class)));
        assertEquals(Map.of("c", "3"), await(cache.getAll(List.of("c"), TEXT)));
        assertEquals(Map.of(), await(cache.getAll(List.of(), String.class)));
    }

    @Test
    void getAllResults() {
        await(cache.set("a", "1"));
        await(cache.set("text", "not a number"));
        List<Key> keys = List.of(Key.of("a"), Key.of("b"));
        MultiResults.Got<Key, String> results = await(cache.getAllResults(keys, TEXT));
        assertEquals(Map.of(keys.get(0), "1"), results.hits());
        assertSame(keys.get(0), results.hits().keySet().iterator().next());
        assertEquals(Set.of(keys.get(1)), results.missing());
        assertTrue(results.noFailures());
        MultiResults.Got<String, Long> failing =
                await(cache.getAllResults(List.of("text", "b"), ValueType.of(Long.class)));
        assertEquals(Set.of("text"), failing.failed().keySet());
        assertEquals(SerdeException.class, failing.failed().get("text").getClass());
        assertEquals(Set.of("b"), failing.missing());
        assertEquals(2, failing.size());
        await(cache.set("user:7", "seven"));
        MultiResults.Got<Integer, String> named = await(cache.getAllResults(List.of(7, 8), id -> "user:" + id, TEXT));
        assertEquals(new MultiResults.Got<>(Map.of(7, "seven"), Set.of(8), Map.of()), named);
    }

    @Test
    void getsAll() {
        await(cache.set("a", "1"));
        Map<String, CasValue<String>> all = await(cache.getsAll(List.of("a", "b"), TEXT));
        assertEquals(Map.of("a", await(cache.gets("a", String.class))), all);
    }

    @Test
    void set() {
        await(cache.set("k", "1"));
        await(cache.set("k", "2", Duration.ofMinutes(10)));
        assertEquals("2", await(cache.get("k", String.class)));
        await(cache.set("k", "3", Expiry.at(Instant.now().plusSeconds(3600))));
        assertEquals("3", await(cache.get("k", String.class)));
        await(cache.set("k", "5", Duration.ofDays(60))); // sent as a date
        assertEquals("5", await(cache.get("k", String.class)));
        await(cache.set("k", TEXT.value("6")));
        assertEquals("6", await(cache.get("k", String.class)));
        await(cache.set("k", "7", Expiry.at(PAST)));
        assertNull(await(cache.get("k", String.class)));
        byte[] large = new byte[1_000_000];
        new java.util.Random(7).nextBytes(large);
        await(cache.set("large", large));
        assertArrayEquals(large, await(cache.get("large", byte[].class)));
    }

    @Test
    void setAll() {
        assertEquals(Set.of(), await(cache.setAll(Map.of("a", 1, "b", "two"), Duration.ofMinutes(1))));
        assertEquals(1, await(cache.get("a", Integer.class)));
        assertEquals("two", await(cache.get("b", String.class)));
        assertEquals(Set.of("large"), await(cache.setAll(Map.of("a", 3, "large", new byte[2 << 20]))));
        assertEquals(3, await(cache.get("a", Integer.class)));
    }

    @Test
    void setAllResults() {
        Map<String, byte[]> values = Map.of("a", new byte[3], "b", new byte[2 << 20]);
        MultiResults.Stored<String> results = await(cache.setAllResults(values, Expiry.never()));
        assertEquals(Set.of("a"), results.stored());
        assertEquals(Set.of("b"), results.failed().keySet());
        assertEquals(ValueTooLargeException.class, results.failed().get("b").getClass());
        assertArrayEquals(new byte[3], await(cache.get("a", byte[].class)));
    }

    @Test
    void add() {
        assertTrue(await(cache.add("k", "1")));
        assertFalse(await(cache.add("k", "2", Duration.ofMinutes(1))));
        assertFalse(await(cache.add("k", "3", Expiry.never())));
        assertEquals("1", await(cache.get("k", String.class)));
    }

    @Test
    void replace() {
        assertFalse(await(cache.replace("k", "1")));
        await(cache.set("k", "0"));
        assertTrue(await(cache.replace("k", "1", Duration.ofMinutes(1))));
        assertEquals("1", await(cache.get("k", String.class)));
        assertTrue(await(cache.replace("k", "2", Expiry.at(PAST))));
        assertNull(await(cache.get("k", String.class)));
    }

    @Test
    void append() {
        assertFalse(await(cache.append("k", "x")));
        await(cache.set("k", "v"));
        assertTrue(await(cache.append("k", "x")));
        assertEquals("vx", await(cache.get("k", String.class)));
    }

    @Test
    void prepend() {
        assertFalse(await(cache.prepend("k", "x")));
        await(cache.set("k", "v"));
        assertTrue(await(cache.prepend("k", "x")));
        assertEquals("xv", await(cache.get("k", String.class)));
    }

    @Test
    void cas() {
        assertEquals(CasResult.NOT_FOUND, await(cache.cas("k", "v", 1)));
        await(cache.set("k", "v"));
        long held = await(cache.gets("k", String.class)).cas();
        assertEquals(CasResult.STORED, await(cache.cas("k", "w", held, Duration.ofMinutes(5))));
        assertEquals(CasResult.EXISTS, await(cache.cas("k", "x", held, Expiry.never())));
        assertEquals("w", await(cache.get("k", String.class)));
    }

    @Test
    void update() {
        assertNull(await(cache.update("k", TEXT, Expiry.never(), old -> old)));
        assertNull(await(cache.get("k", String.class)));
        ValueType<Integer> number = ValueType.of(Integer.class);
        assertEquals(1, await(cache.update("n", number, Expiry.never(), old -> old == null ? 1 : old + 1)));
        List<CompletableFuture<Integer>> racing = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            racing.add(cache.update("n", number, Expiry.never(), old -> old + 1));
        }
        racing.forEach(AsyncFace::await);
        assertEquals(21, await(cache.get("n", Integer.class)));
    }

    @Test
    void delete() {
        assertFalse(await(cache.delete("k")));
        await(cache.set("k", "v"));
        assertTrue(await(cache.delete("k")));
        assertNull(await(cache.get("k", String.class)));
    }

    @Test
    void deleteAll() {
        await(cache.set("a", "1"));
        await(cache.set("b", "2"));
        assertEquals(Set.of("a", "b"), await(cache.deleteAll(List.of("a", "x", "b"))));
        assertEquals(Map.of(), await(cache.getAll(List.of("a", "b"), String.class)));
    }

    @Test
    void deleteAllResults() {
        await(cache.set("a", "1"));
        MultiResults.Deleted<String> results = await(cache.deleteAllResults(List.of("a", "x")));
        assertEquals(new MultiResults.Deleted<>(Set.of("a"), Set.of("x"), Map.of()), results);
        assertFalse(results.allDeleted());
    }

    @Test
    void increment() {
        assertNull(await(cache.increment("hits")));
        await(cache.set("hits", 5L));
        assertEquals(6L, await(cache.increment("hits")));
        assertEquals(16L, await(cache.increment("hits", 10)));
        assertEquals(16L, await(cache.get("hits", Long.class)));
        await(cache.set("large", Long.toString(Long.MAX_VALUE)));
        assertEquals(Long.MIN_VALUE, await(cache.increment("large"))); // 2^63, to be read as unsigned
        await(cache.set("text", "abc"));
        assertThrows(NotANumberException.class, () -> await(cache.increment("text")));
        if (!text()) {
            assertEquals(0L, await(cache.increment("made", 5, 0, Duration.ofHours(1))));
            assertEquals(5L, await(cache.increment("made", 5, 0, Duration.ofHours(1))));
            if (speaksMeta()) {
                assertBetween(3598, 3600, await(cache.item("made", Long.class)).ttl());
            }
        } else {
            ProtocolException refused =
                    assertThrows(ProtocolException.class, () -> await(cache.increment("made", 1, 0, null)));
            assertEquals(Delivery.NOT_SENT, refused.delivery());
        }
    }

    @Test
    void decrement() {
        assertNull(await(cache.decrement("n")));
        await(cache.set("n", 10));
        assertEquals(9L, await(cache.decrement("n")));
        assertEquals(9, await(cache.get("n", Integer.class))); // padded by the server
        assertEquals(0L, await(cache.decrement("n", 100)));
        if (!text()) {
            assertEquals(7L, await(cache.decrement("made", 1, 7, null)));
            assertEquals(6L, await(cache.decrement("made", 1, 7, Duration.ofMinutes(1))));
        }
    }

    @Test
    void touch() {
        assertFalse(await(cache.touch("k", Duration.ofMinutes(10))));
        await(cache.set("k", "v"));
        assertTrue(await(cache.touch("k", Duration.ofMinutes(10))));
        assertEquals("v", await(cache.get("k", String.class)));
        assertTrue(await(cache.touch("k", Expiry.at(PAST))));
        assertNull(await(cache.get("k", String.class)));
    }

    @Test
    void getAndTouch() {
        assertNull(await(cache.getAndTouch("k", String.class, Duration.ofMinutes(10))));
        await(cache.set("k", "v"));
        assertEquals("v", await(cache.getAndTouch("k", String.class, Duration.ofMinutes(10))));
        if (speaksMeta()) {
            assertBetween(598, 600, await(cache.item("k", String.class)).ttl());
        }
        assertEquals("v", await(cache.getAndTouch("k", TEXT, Expiry.at(PAST))));
        assertNull(await(cache.get("k", String.class)));
    }

    @Test
    void markStale() {
        if (speaksMeta()) {
            assertFalse(await(cache.markStale("k", Duration.ofSeconds(30))));
            await(cache.set("k", "v"));
            assertTrue(await(cache.markStale("k", Duration.ofSeconds(30))));
            assertEquals("v", await(cache.get("k", String.class)));
            assertBetween(28, 30, await(cache.item("k", String.class)).ttl());
        } else {
            assertThrows(ProtocolException.class, () -> await(cache.markStale("k", Duration.ofSeconds(30))));
        }
    }

    @Test
    void fireAndForget() {
        FireAndForgetClient quietly = cache.fireAndForget();
        quietly.set("k", "v", Duration.ofMinutes(1));
        quietly.add("k", "other", Expiry.never());
        quietly.append("k", "x");
        quietly.prepend("k", "x");
        assertEquals("xvx", await(cache.get("k", String.class)));
        quietly.set("n", 1);
        quietly.increment("n", 9);
        quietly.decrement("n", 3);
        quietly.increment("k", 1); // not a number: the error is nobody's reply
        quietly.replace("absent", "v", Expiry.never());
        quietly.delete("absent");
        assertEquals(Map.of("n", 7), await(cache.getAll(List.of("n", "absent"), Integer.class)));
        quietly.touch("n", Expiry.at(PAST));
        quietly.set("e", "v", Expiry.at(PAST));
        quietly.delete("k");
        assertEquals(Map.of(), await(cache.getAll(List.of("n", "e", "k"), String.class)));
    }
}
