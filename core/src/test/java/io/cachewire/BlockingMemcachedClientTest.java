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
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Every operation of the blocking face that is about items. Each test is named after the operation. */
class BlockingMemcachedClientTest extends BlockingFace {
    @Test
    void get() {
        assertNull(cache.get("absent", String.class));
        cache.set("k", "v");
        assertEquals("v", cache.get("k", String.class));
        assertEquals("v", cache.get("k", TEXT));
        cache.set("n", 42L);
        assertEquals(42L, cache.get("n", Long.class));
        cache.set("b", new byte[] {0, 13, 10, -1});
        assertArrayEquals(new byte[] {0, 13, 10, -1}, cache.get("b", byte[].class));
        cache.set("empty", "");
        assertEquals("", cache.get("empty", String.class));
        cache.set(Key.routed("user:1", "tenant-7"), "routed");
        assertEquals("routed", cache.get(Key.hashed("user:1", 42), String.class)); // one server: any placement
    }

    @Test
    void getOrDefault() {
        assertEquals("other", cache.getOrDefault("absent", String.class, "other"));
        cache.set("k", "");
        assertEquals("", cache.getOrDefault("k", String.class, "other"));
    }

    @Test
    void gets() {
        assertNull(cache.gets("absent", String.class));
        cache.set("k", "v1");
        CasValue<String> first = cache.gets("k", String.class);
        assertEquals("v1", first.value());
        assertEquals(first, cache.gets("k", TEXT));
        cache.set("k", "v1");
        assertNotEquals(first.cas(), cache.gets("k", String.class).cas());
    }

    @Test
    void item() {
        assertNull(cache.item("absent", String.class));
        cache.set("k", "value", Duration.ofHours(1));
        Item<String> item = cache.item("k", String.class);
        assertEquals("value", item.value());
        assertEquals(5, item.size());
        assertEquals(cache.gets("k", String.class).cas(), item.cas());
        if (speaksMeta()) {
            assertBetween(3598, 3600, item.ttl());
            assertFalse(item.hitBefore());
            assertTrue(cache.item("k", TEXT).hitBefore());
            cache.set("for-ever", "v");
            assertNull(cache.item("for-ever", String.class).ttl());
        }
    }

    @Test
    void getAll() {
        cache.set("a", "1");
        cache.set("c", "3");
        assertEquals(Map.of("a", "1", "c", "3"), cache.getAll(List.of("a", "b", "c", "a"), String.class));
        assertEquals(Map.of("c", "3"), cache.getAll(List.of("c"), TEXT));
        assertEquals(Map.of(), cache.getAll(List.of(), String.class));
    }

    @Test
    void getAllResults() {
        cache.set("a", "1");
        cache.set("text", "not a number");
        List<Key> keys = List.of(Key.of("a"), Key.of("b"));
        MultiResults.Got<Key, String> results = cache.getAllResults(keys, TEXT);
        assertEquals(Map.of(keys.get(0), "1"), results.hits());
        assertSame(keys.get(0), results.hits().keySet().iterator().next());
        assertEquals(Set.of(keys.get(1)), results.missing());
        assertTrue(results.noFailures());
        MultiResults.Got<String, Long> failing = cache.getAllResults(List.of("text", "b"), ValueType.of(Long.class));
        assertEquals(Set.of("text"), failing.failed().keySet());
        assertEquals(SerdeException.class, failing.failed().get("text").getClass());
        assertEquals(Set.of("b"), failing.missing());
        assertEquals(2, failing.size());
        cache.set("user:7", "seven");
        MultiResults.Got<Integer, String> named = cache.getAllResults(List.of(7, 8), id -> "user:" + id, TEXT);
        assertEquals(new MultiResults.Got<>(Map.of(7, "seven"), Set.of(8), Map.of()), named);
    }

    @Test
    void getsAll() {
        cache.set("a", "1");
        Map<String, CasValue<String>> all = cache.getsAll(List.of("a", "b"), TEXT);
        assertEquals(Map.of("a", cache.gets("a", String.class)), all);
    }

    @Test
    void set() {
        cache.set("k", "1");
        cache.set("k", "2", Duration.ofMinutes(10));
        assertEquals("2", cache.get("k", String.class));
        cache.set("k", "3", Expiry.at(Instant.now().plusSeconds(3600)));
        assertEquals("3", cache.get("k", String.class));
        cache.set("k", "5", Duration.ofDays(60)); // sent as a date
        assertEquals("5", cache.get("k", String.class));
        cache.set("k", TEXT.value("6"));
        assertEquals("6", cache.get("k", String.class));
        cache.set("k", "7", Expiry.at(PAST));
        assertNull(cache.get("k", String.class));
        byte[] large = new byte[1_000_000];
        new java.util.Random(7).nextBytes(large);
        cache.set("large", large);
        assertArrayEquals(large, cache.get("large", byte[].class));
    }

    @Test
    void setAll() {
        assertEquals(Set.of(), cache.setAll(Map.of("a", 1, "b", "two"), Duration.ofMinutes(1)));
        assertEquals(1, cache.get("a", Integer.class));
        assertEquals("two", cache.get("b", String.class));
        assertEquals(Set.of("large"), cache.setAll(Map.of("a", 3, "large", new byte[2 << 20])));
        assertEquals(3, cache.get("a", Integer.class));
    }

    @Test
    void setAllResults() {
        Map<String, byte[]> values = Map.of("a", new byte[3], "b", new byte[2 << 20]);
        MultiResults.Stored<String> results = cache.setAllResults(values, Expiry.never());
        assertEquals(Set.of("a"), results.stored());
        assertEquals(Set.of("b"), results.failed().keySet());
        assertEquals(ValueTooLargeException.class, results.failed().get("b").getClass());
        assertArrayEquals(new byte[3], cache.get("a", byte[].class));
    }

    @Test
    void add() {
        assertTrue(cache.add("k", "1"));
        assertFalse(cache.add("k", "2", Duration.ofMinutes(1)));
        assertFalse(cache.add("k", "3", Expiry.never()));
        assertEquals("1", cache.get("k", String.class));
    }

    @Test
    void replace() {
        assertFalse(cache.replace("k", "1"));
        cache.set("k", "0");
        assertTrue(cache.replace("k", "1", Duration.ofMinutes(1)));
        assertEquals("1", cache.get("k", String.class));
        assertTrue(cache.replace("k", "2", Expiry.at(PAST)));
        assertNull(cache.get("k", String.class));
    }

    @Test
    void append() {
        assertFalse(cache.append("k", "x"));
        cache.set("k", "v");
        assertTrue(cache.append("k", "x"));
        assertEquals("vx", cache.get("k", String.class));
    }

    @Test
    void prepend() {
        assertFalse(cache.prepend("k", "x"));
        cache.set("k", "v");
        assertTrue(cache.prepend("k", "x"));
        assertEquals("xv", cache.get("k", String.class));
    }

    @Test
    void cas() {
        assertEquals(CasResult.NOT_FOUND, cache.cas("k", "v", 1));
        cache.set("k", "v");
        long held = cache.gets("k", String.class).cas();
        assertEquals(CasResult.STORED, cache.cas("k", "w", held, Duration.ofMinutes(5)));
        assertEquals(CasResult.EXISTS, cache.cas("k", "x", held, Expiry.never()));
        assertEquals("w", cache.get("k", String.class));
    }

    @Test
    void update() throws Exception {
        assertNull(cache.update("k", TEXT, Expiry.never(), old -> old));
        assertNull(cache.get("k", String.class));
        ValueType<Integer> number = ValueType.of(Integer.class);
        assertEquals(1, cache.update("n", number, Expiry.never(), old -> old == null ? 1 : old + 1));
        Threads.each(8, thread -> {
            for (int i = 0; i < 10; i++) {
                cache.update("n", number, Expiry.never(), old -> old + 1);
            }
        });
        assertEquals(81, cache.get("n", Integer.class));
    }

    @Test
    void delete() {
        assertFalse(cache.delete("k"));
        cache.set("k", "v");
        assertTrue(cache.delete("k"));
        assertNull(cache.get("k", String.class));
    }

    @Test
    void deleteAll() {
        cache.set("a", "1");
        cache.set("b", "2");
        assertEquals(Set.of("a", "b"), cache.deleteAll(List.of("a", "x", "b")));
        assertEquals(Map.of(), cache.getAll(List.of("a", "b"), String.class));
    }

    @Test
    void deleteAllResults() {
        cache.set("a", "1");
        MultiResults.Deleted<String> results = cache.deleteAllResults(List.of("a", "x"));
        assertEquals(new MultiResults.Deleted<>(Set.of("a"), Set.of("x"), Map.of()), results);
        assertFalse(results.allDeleted());
    }

    @Test
    void increment() {
        assertNull(cache.increment("hits"));
        cache.set("hits", 5L);
        assertEquals(6L, cache.increment("hits"));
        assertEquals(16L, cache.increment("hits", 10));
        assertEquals(16L, cache.get("hits", Long.class));
        cache.set("large", Long.toString(Long.MAX_VALUE));
        assertEquals(Long.MIN_VALUE, cache.increment("large")); // 2^63, to be read as unsigned
        cache.set("text", "abc");
        assertThrows(NotANumberException.class, () -> cache.increment("text"));
        if (!text()) {
            assertEquals(0L, cache.increment("made", 5, 0, Duration.ofHours(1)));
            assertEquals(5L, cache.increment("made", 5, 0, Duration.ofHours(1)));
            if (speaksMeta()) {
                assertBetween(3598, 3600, cache.item("made", Long.class).ttl());
            }
        } else {
            ProtocolException refused =
                    assertThrows(ProtocolException.class, () -> cache.increment("made", 1, 0, null));
            assertEquals(Delivery.NOT_SENT, refused.delivery());
        }
    }

    @Test
    void decrement() {
        assertNull(cache.decrement("n"));
        cache.set("n", 10);
        assertEquals(9L, cache.decrement("n"));
        assertEquals(9, cache.get("n", Integer.class)); // padded by the server
        assertEquals(0L, cache.decrement("n", 100));
        if (!text()) {
            assertEquals(7L, cache.decrement("made", 1, 7, null));
            assertEquals(6L, cache.decrement("made", 1, 7, Duration.ofMinutes(1)));
        }
    }

    @Test
    void touch() {
        assertFalse(cache.touch("k", Duration.ofMinutes(10)));
        cache.set("k", "v");
        assertTrue(cache.touch("k", Duration.ofMinutes(10)));
        assertEquals("v", cache.get("k", String.class));
        assertTrue(cache.touch("k", Expiry.at(PAST)));
        assertNull(cache.get("k", String.class));
    }

    @Test
    void getAndTouch() {
        assertNull(cache.getAndTouch("k", String.class, Duration.ofMinutes(10)));
        cache.set("k", "v");
        assertEquals("v", cache.getAndTouch("k", String.class, Duration.ofMinutes(10)));
        if (speaksMeta()) {
            assertBetween(598, 600, cache.item("k", String.class).ttl());
        }
        assertEquals("v", cache.getAndTouch("k", TEXT, Expiry.at(PAST)));
        assertNull(cache.get("k", String.class));
    }

    @Test
    void markStale() {
        if (speaksMeta()) {
            assertFalse(cache.markStale("k", Duration.ofSeconds(30)));
            cache.set("k", "v");
            assertTrue(cache.markStale("k", Duration.ofSeconds(30)));
            assertEquals("v", cache.get("k", String.class));
            assertBetween(28, 30, cache.item("k", String.class).ttl());
        } else {
            assertThrows(ProtocolException.class, () -> cache.markStale("k", Duration.ofSeconds(30)));
        }
    }

    @Test
    void fireAndForget() {
        FireAndForgetClient quietly = cache.fireAndForget();
        quietly.set("k", "v", Duration.ofMinutes(1));
        quietly.add("k", "other", Expiry.never());
        quietly.append("k", "x");
        quietly.prepend("k", "x");
        assertEquals("xvx", cache.get("k", String.class));
        quietly.set("n", 1);
        quietly.increment("n", 9);
        quietly.decrement("n", 3);
        quietly.increment("k", 1); // not a number: the error is nobody's reply
        quietly.replace("absent", "v", Expiry.never());
        quietly.delete("absent");
        assertEquals(Map.of("n", 7), cache.getAll(List.of("n", "absent"), Integer.class));
        quietly.touch("n", Expiry.at(PAST));
        quietly.set("e", "v", Expiry.at(PAST));
        quietly.delete("k");
        assertEquals(Map.of(), cache.getAll(List.of("n", "e", "k"), String.class));
    }
}
