package io.cachewire.routing;

import io.cachewire.DataBlock;

/** The MurmurHash family, all reading bytes unsigned and words least significant byte first. */
final class Murmur {
    private static final int M2 = 0x5bd1e995;
    private static final long M64 = 0xc6a4a7935bd1e995L;

    private Murmur() {}

    /** MurmurHash2, 32 bits; {@code seed} is not yet mixed with the length. */
    static int murmur2(DataBlock key, int seed) {
        int length = key.length();
        int h = seed ^ length;
        int i = 0;
        for (; i + 4 <= length; i += 4) {
            int k = word(key, i) * M2;
            k ^= k >>> 24;
            h = h * M2 ^ k * M2;
        }
        if (i < length) {
            h = (h ^ tail(key, i)) * M2;
        }
        h = (h ^ h >>> 13) * M2;
        return h ^ h >>> 15;
    }

    /** MurmurHash3 x86_32. */
    static int murmur3(DataBlock key, int seed) {
        return murmur3(DataBlock.EMPTY, key, seed);
    }

    /** MurmurHash3 x86_32 of two runs of bytes as if they were one. */
    static int murmur3(DataBlock head, DataBlock rest, int seed) {
        int length = head.length() + rest.length();
        int h = seed;
        int k = 0;
        for (int i = 0; i < length; i++) {
            int b = (i < head.length() ? head.at(i) : rest.at(i - head.length())) & 0xff;
            k |= b << 8 * (i & 3);
            if ((i & 3) == 3) {
                h = Integer.rotateLeft(h ^ scramble3(k), 13) * 5 + 0xe6546b64;
                k = 0;
            }
        }
        h ^= scramble3(k) ^ length;
        h = (h ^ h >>> 16) * 0x85ebca6b;
        h = (h ^ h >>> 13) * 0xc2b2ae35;
        return h ^ h >>> 16;
    }

    private static int scramble3(int k) {
        return Integer.rotateLeft(k * 0xcc9e2d51, 15) * 0x1b873593;
    }

    /** MurmurHash2 for 64-bit platforms, version A. */
    static long murmur64A(DataBlock key, int from, int length, int seed) {
        long h = Integer.toUnsignedLong(seed) ^ length * M64;
        int i = from;
        int end = from + length;
        for (; i + 8 <= end; i += 8) {
            h = mix64(h, Integer.toUnsignedLong(word(key, i)) | (long) word(key, i + 4) << 32);
        }
        if (i < end) {
            long k = 0;
            for (int j = i; j < end; j++) {
                k |= (key.at(j) & 0xffL) << 8 * (j - i);
            }
            h = (h ^ k) * M64;
        }
        return end64(h);
    }

    /** The same of the eight bytes of a number. */
    @SuppressWarnings("ConstantOverflow") // the hash multiplies modulo 2^64
    static long murmur64A(long number, int seed) {
        return end64(mix64(Integer.toUnsignedLong(seed) ^ 8 * M64, number));
    }

    private static long mix64(long h, long word) {
        long k = word * M64;
        k = (k ^ k >>> 47) * M64;
        return (h ^ k) * M64;
    }

    private static long end64(long hash) {
        long h = (hash ^ hash >>> 47) * M64;
        return h ^ h >>> 47;
    }

    private static int word(DataBlock key, int i) {
        return key.at(i) & 0xff | (key.at(i + 1) & 0xff) << 8 | (key.at(i + 2) & 0xff) << 16 | key.at(i + 3) << 24;
    }

    private static int tail(DataBlock key, int from) {
        int k = 0;
        for (int i = from; i < key.length(); i++) {
            k |= (key.at(i) & 0xff) << 8 * (i - from);
        }
        return k;
    }
}
