package io.cachewire.routing;

import io.cachewire.DataBlock;

/**
 * The key hashes of libmemcached 1.1 (libhashkit), named as its {@code MEMCACHED_HASH_*} behaviours are, and so those
 * of pylibmc and php-memcached.
 *
 * <p>libhashkit reads the key as C {@code char}: signed on x86, so a byte of 0x80 or more is sign-extended before it
 * is mixed in. That is what the constants do. On ARM {@code char} is unsigned; a pool shared with such machines takes
 * {@link #unsignedChars()}. ASCII keys are not concerned. HSIEH is left out: the distributions build without it and
 * refuse it.
 */
public enum LibmemcachedHash implements HashFunction {
    /** Jenkins one-at-a-time, the default. */
    DEFAULT {
        @Override
        long hash(DataBlock key, int mask) {
            return Integer.toUnsignedLong(Jenkins.oneAtATime(key, mask));
        }
    },
    /** The first word of MD5, least significant byte first. */
    MD5 {
        @Override
        long hash(DataBlock key, int mask) {
            return Digests.MD5.firstWord(key);
        }
    },
    /** 15 bits of CRC-32. */
    CRC {
        @Override
        long hash(DataBlock key, int mask) {
            return Crc32.slice(Crc32.of(key));
        }
    },
    /** The low half of 64-bit FNV-1. */
    FNV1_64 {
        @Override
        long hash(DataBlock key, int mask) {
            long h = 0xcbf29ce484222325L;
            for (int i = 0; i < key.length(); i++) {
                h = h * 0x100000001b3L ^ (key.at(i) & mask);
            }
            return h & 0xffffffffL;
        }
    },
    /** Not FNV-1a: libhashkit's own 32-bit arithmetic under that name. */
    FNV1A_64 {
        @Override
        long hash(DataBlock key, int mask) {
            int h = 0x84222325;
            for (int i = 0; i < key.length(); i++) {
                h = (h ^ key.at(i) & mask) * 0x1b3;
            }
            return Integer.toUnsignedLong(h);
        }
    },
    /** 32-bit FNV-1. */
    FNV1_32 {
        @Override
        long hash(DataBlock key, int mask) {
            int h = Fnv.OFFSET_32;
            for (int i = 0; i < key.length(); i++) {
                h = h * Fnv.PRIME_32 ^ key.at(i) & mask;
            }
            return Integer.toUnsignedLong(h);
        }
    },
    /** 32-bit FNV-1a. */
    FNV1A_32 {
        @Override
        long hash(DataBlock key, int mask) {
            return Integer.toUnsignedLong(Fnv.fnv1a32(key, Fnv.OFFSET_32, mask));
        }
    },
    /** MurmurHash2; always unsigned. */
    MURMUR {
        @Override
        long hash(DataBlock key, int mask) {
            return Integer.toUnsignedLong(Murmur.murmur2(key, 0xdeadbeef * key.length()));
        }
    },
    /** lookup3; always unsigned. */
    JENKINS {
        @Override
        long hash(DataBlock key, int mask) {
            return Integer.toUnsignedLong(Jenkins.lookup3(key, 13));
        }
    },
    /** MurmurHash3; always unsigned. */
    MURMUR3 {
        @Override
        long hash(DataBlock key, int mask) {
            return Integer.toUnsignedLong(Murmur.murmur3(key, 0xdeadbeef * key.length()));
        }
    };

    private final HashFunction unsigned = key -> hash(key, 0xff);

    abstract long hash(DataBlock key, int mask);

    @Override
    public long hash(DataBlock routingKey) {
        return hash(routingKey, -1);
    }

    /** The same hash as libmemcached computes it where C's {@code char} is unsigned, as on ARM. */
    public HashFunction unsignedChars() {
        return unsigned;
    }
}
