package io.cachewire.routing;

import io.cachewire.DataBlock;

/** Numbers of the Fowler-Noll-Vo hashes and the one of them that several clients share. */
final class Fnv {
    static final int OFFSET_32 = 0x811c9dc5;
    static final int PRIME_32 = 0x01000193;

    private Fnv() {}

    /** 32-bit FNV-1a; {@code mask} -1 reads bytes signed, 0xff unsigned. */
    static int fnv1a32(DataBlock key, int offset, int mask) {
        int h = offset;
        for (int i = 0; i < key.length(); i++) {
            h = (h ^ key.at(i) & mask) * PRIME_32;
        }
        return h;
    }
}
