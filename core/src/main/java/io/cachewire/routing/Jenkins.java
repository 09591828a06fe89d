package io.cachewire.routing;

import io.cachewire.DataBlock;

/** Two hashes of Bob Jenkins. */
final class Jenkins {
    private Jenkins() {}

    /** One-at-a-time; {@code mask} -1 reads bytes signed, 0xff unsigned. */
    static int oneAtATime(DataBlock key, int mask) {
        int h = 0;
        for (int i = 0; i < key.length(); i++) {
            h += key.at(i) & mask;
            h += h << 10;
            h ^= h >>> 6;
        }
        h += h << 3;
        h ^= h >>> 11;
        return h + (h << 15);
    }

    /** lookup3's {@code hashlittle}. */
    static int lookup3(DataBlock key, int initial) {
        int length = key.length();
        int a = 0xdeadbeef + length + initial;
        int b = a;
        int c = a;
        int i = 0;
        for (; length - i > 12; i += 12) {
            a += word(key, i);
            b += word(key, i + 4);
            c += word(key, i + 8);
            a = (a - c) ^ Integer.rotateLeft(c, 4);
            c += b;
            b = (b - a) ^ Integer.rotateLeft(a, 6);
            a += c;
            c = (c - b) ^ Integer.rotateLeft(b, 8);
            b += a;
            a = (a - c) ^ Integer.rotateLeft(c, 16);
            c += b;
            b = (b - a) ^ Integer.rotateLeft(a, 19);
            a += c;
            c = (c - b) ^ Integer.rotateLeft(b, 4);
            b += a;
        }
        if (length == 0) {
            return c;
        }
        a += word(key, i);
        b += word(key, i + 4);
        c += word(key, i + 8);
        c = (c ^ b) - Integer.rotateLeft(b, 14);
        a = (a ^ c) - Integer.rotateLeft(c, 11);
        b = (b ^ a) - Integer.rotateLeft(a, 25);
        c = (c ^ b) - Integer.rotateLeft(b, 16);
        a = (a ^ c) - Integer.rotateLeft(c, 4);
        b = (b ^ a) - Integer.rotateLeft(a, 14);
        return (c ^ b) - Integer.rotateLeft(b, 24);
    }

    /** Up to four bytes; what lies behind the end counts as zero. */
    private static int word(DataBlock key, int from) {
        int word = 0;
        for (int i = from; i < Math.min(from + 4, key.length()); i++) {
            word |= (key.at(i) & 0xff) << 8 * (i - from);
        }
        return word;
    }
}
