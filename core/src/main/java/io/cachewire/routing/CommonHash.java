package io.cachewire.routing;

import io.cachewire.DataBlock;

/** Hashes of the key's bytes that are known by a name of their own or that one client brought along. */
public enum CommonHash implements HashFunction {
    /** CRC-32 (IEEE), all 32 bits: gomemcache, dalli, python-memcached after {@code useOldServerHashFunction()}. */
    CRC32 {
        @Override
        public long hash(DataBlock routingKey) {
            return Integer.toUnsignedLong(Crc32.of(routingKey));
        }
    },
    /** 15 bits of CRC-32: Cache::Memcached, Cache::Memcached::Fast, python-memcached from 1.60 on. */
    CRC32_SLICE {
        @Override
        public long hash(DataBlock routingKey) {
            return Crc32.slice(Crc32.of(routingKey));
        }
    },
    /** The same 15 bits with 1 in place of 0: python-memcached up to 1.59. */
    PYTHON_MEMCACHED {
        @Override
        public long hash(DataBlock routingKey) {
            return Math.max(1, Crc32.slice(Crc32.of(routingKey)));
        }
    },
    /** Adler-32, a frequent choice for {@code memcache.serverHashFunction}. */
    ADLER32 {
        @Override
        public long hash(DataBlock routingKey) {
            int a = 1;
            int b = 0;
            for (int i = 0; i < routingKey.length(); i++) {
                a = (a + (routingKey.at(i) & 0xff)) % 65521;
                b = (b + a) % 65521;
            }
            return Integer.toUnsignedLong(b << 16 | a);
        }
    },
    /** MurmurHash3 x86_32 with seed 0: folsom. */
    MURMUR3 {
        @Override
        public long hash(DataBlock routingKey) {
            return Integer.toUnsignedLong(Murmur.murmur3(routingKey, 0));
        }
    },
    /**
     * The first word of MD5, least significant byte first: the hash of every ketama ring but libmemcached's
     * unweighted one.
     */
    MD5 {
        @Override
        public long hash(DataBlock routingKey) {
            return Digests.MD5.firstWord(routingKey);
        }
    },
    /** 32-bit FNV-1a begun at 0 where its authors have 2166136261: moecache and Enyim's default locator. */
    FNV1A_32_FROM_ZERO {
        @Override
        public long hash(DataBlock routingKey) {
            return Integer.toUnsignedLong(Fnv.fnv1a32(routingKey, 0, 0xff));
        }
    };

    @Override
    public abstract long hash(DataBlock routingKey);
}
