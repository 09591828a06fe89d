package io.cachewire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class KeyTest {
    @Test
    void of() {
        Key key = Key.of("user:1");
        assertEquals("user:1", key.name());
        assertNull(key.routing());
        assertNull(key.hash());
        assertSame(key, Key.of(key));
        assertEquals(key, Key.of(new StringBuilder("user:1")));
    }

    @Test
    void routed() {
        Key key = Key.routed("user:1", "tenant-7");
        assertEquals("tenant-7", key.routing());
        assertNull(key.hash());
        assertNotEquals(Key.of("user:1"), key);
        assertNotEquals(Key.routed("user:1", "tenant-8"), key);
    }

    @Test
    void hashed() {
        Key key = Key.hashed("k", -1);
        assertEquals(-1L, key.hash());
        assertNull(key.routing());
        assertNotEquals(Key.hashed("k", 1), key);
    }

    @Test
    void theKotlinFunctionTakesOnePlacementOnly() {
        assertEquals(Key.routed("k", "r"), MemcachedClientExtensionsKt.Key("k", "r", null));
        assertEquals(Key.hashed("k", 42), MemcachedClientExtensionsKt.Key("k", null, 42L));
        assertEquals(Key.of("k"), MemcachedClientExtensionsKt.Key("k", null, null));
        assertThrows(IllegalArgumentException.class, () -> MemcachedClientExtensionsKt.Key("k", "r", 42L));
    }

    @Test
    void prefixedKeepsThePlacement() {
        assertEquals(Key.routed("users:1", "r"), Key.routed("1", "r").prefixed("users:"));
        assertEquals(Key.hashed("users:1", 42), Key.hashed("1", 42).prefixed("users:"));
        Key key = Key.of("1");
        assertSame(key, key.prefixed(""));
    }

    @Test
    void equalWhenNameAndPlacementAre() {
        assertEquals(Key.routed("k", "r"), Key.routed("k", "r"));
        assertEquals(Key.routed("k", "r").hashCode(), Key.routed("k", "r").hashCode());
        assertEquals(Key.hashed("k", 42).hashCode(), Key.hashed("k", 42).hashCode());
        assertNotEquals(Key.of("k"), "k");
    }

    @Test
    void isACharSequence() {
        Key key = Key.of("user:1");
        assertEquals(6, key.length());
        assertEquals(':', key.charAt(4));
        assertEquals("user", key.subSequence(0, 4));
        assertEquals("user:1", key.toString());
    }
}
