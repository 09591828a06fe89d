package io.cachewire.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.cachewire.IllegalKeyException;
import io.cachewire.Key;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What dalli and npm's memcached make of keys; the digests were seen on the wire. */
class ForeignKeysTest {
    private static final String LONG = "k".repeat(251);
    private static final String MD5 = "f0506ef804c48c4c4a9816dcef0b6091";

    private static String node(String key) {
        return ForeignKeys.NODE_MEMCACHED.apply(Key.of(key), "").name();
    }

    @Test
    void npmExpandsReplacementPatterns() {
        assertEquals("a$b", node("a$$b"));
        assertEquals("h$bh$$b$&", node("h$$b$&"));
        assertEquals("a$1b", node("a$1b"));
        assertEquals("$$", node("$$$"));
        for (String key : List.of("a$`b", "$'", "a b", "a\u3000b")) {
            assertThrows(IllegalKeyException.class, () -> node(key));
        }
    }

    @Test
    void npmPlacesAKeyAsItWasGiven() {
        Key sent = ForeignKeys.NODE_MEMCACHED.apply(Key.of(LONG), "");
        assertEquals(Key.routed(MD5, LONG), sent);
        assertEquals(Key.routed("a$b", "a$$b"), ForeignKeys.NODE_MEMCACHED.apply(Key.of("a$$b"), ""));
    }

    @Test
    void dalliPlacesAKeyAsItIsSent() {
        Key sent = ForeignKeys.DALLI.apply(Key.of(LONG), "");
        assertEquals(Key.of("k".repeat(212) + ":md5:" + MD5), sent);
        String within = "ns:" + "k".repeat(210) + ":md5:3b23ad933e13fad058486da1186a2885";
        assertEquals(Key.of(within), ForeignKeys.DALLI.apply(Key.of("ns:" + LONG), "ns:"));
    }

    @Test
    void anExplicitPlaceStays() {
        for (ForeignKeys keys : ForeignKeys.values()) {
            assertEquals("r", keys.apply(Key.routed(LONG, "r"), "").routing());
            assertEquals(7L, keys.apply(Key.hashed(LONG, 7), "").hash());
            assertEquals(null, keys.apply(Key.hashed(LONG, 7), "").routing());
        }
    }

    @Test
    void charactersAreCodePointsInRubyAndUnitsInJavaScript() {
        String key = "\ud83d\ude00".repeat(126);
        assertEquals(key, ForeignKeys.DALLI.apply(Key.of(key), "").name());
        assertEquals(32, node(key).length());
        assertThrows(IllegalKeyException.class, () -> node(LONG + "\ud83d"));
    }

    @Test
    void keysOfBytesStayAsTheyAre() {
        Key key = Key.ofBytes(new byte[300]);
        for (ForeignKeys keys : ForeignKeys.values()) {
            assertEquals(key, keys.apply(key, ""));
        }
    }
}
