package io.cachewire.routing;

import io.cachewire.DataBlock;
import org.jspecify.annotations.Nullable;

/**
 * The key hashes of spymemcached ({@code DefaultHashAlgorithm}) and xmemcached ({@code HashAlgorithm}) under their
 * names there, and memjs's.
 *
 * <p>Most of them work on UTF-16 units of the key's text, not on its bytes. The routing key is read as UTF-8; for
 * ASCII nothing is allocated.
 */
public enum JvmHash implements HashFunction {
    /** {@code String.hashCode}, unsigned: the default of both clients. */
    NATIVE {
        @Override
        public long hash(DataBlock routingKey) {
            return Integer.toUnsignedLong(new Units(routingKey).stringHash());
        }
    },
    /** {@code String.hashCode} without its sign; 2^31 for the smallest number: memjs. */
    NATIVE_ABSOLUTE {
        @Override
        public long hash(DataBlock routingKey) {
            return Math.abs((long) new Units(routingKey).stringHash());
        }
    },
    /** 15 bits of CRC-32 of the bytes; {@code CRC_HASH}, {@code CRC32_HASH}. */
    CRC {
        @Override
        public long hash(DataBlock routingKey) {
            return Crc32.slice(Crc32.of(routingKey));
        }
    },
    /** The low half of 64-bit FNV-1. */
    FNV1_64 {
        @Override
        public long hash(DataBlock routingKey) {
            Units units = new Units(routingKey);
            long h = 0xcbf29ce484222325L;
            for (int i = 0; i < units.length; i++) {
                h = h * 0x100000001b3L ^ units.at(i);
            }
            return h & 0xffffffffL;
        }
    },
    /** The low half of 64-bit FNV-1a; the true one, unlike libmemcached's. */
    FNV1A_64 {
        @Override
        public long hash(DataBlock routingKey) {
            Units units = new Units(routingKey);
            long h = 0xcbf29ce484222325L;
            for (int i = 0; i < units.length; i++) {
                h = (h ^ units.at(i)) * 0x100000001b3L;
            }
            return h & 0xffffffffL;
        }
    },
    /** 32-bit FNV-1. */
    FNV1_32 {
        @Override
        public long hash(DataBlock routingKey) {
            Units units = new Units(routingKey);
            int h = Fnv.OFFSET_32;
            for (int i = 0; i < units.length; i++) {
                h = h * Fnv.PRIME_32 ^ units.at(i);
            }
            return Integer.toUnsignedLong(h);
        }
    },
    /** 32-bit FNV-1a. */
    FNV1A_32 {
        @Override
        public long hash(DataBlock routingKey) {
            Units units = new Units(routingKey);
            int h = Fnv.OFFSET_32;
            for (int i = 0; i < units.length; i++) {
                h = (h ^ units.at(i)) * Fnv.PRIME_32;
            }
            return Integer.toUnsignedLong(h);
        }
    },
    /** The first word of MD5 of the bytes. */
    KETAMA {
        @Override
        public long hash(DataBlock routingKey) {
            return Digests.MD5.firstWord(routingKey);
        }
    },
    /** xmemcached's {@code MYSQL_HASH}. */
    MYSQL {
        @Override
        public long hash(DataBlock routingKey) {
            Units units = new Units(routingKey);
            long r = 0;
            int n = 4;
            for (int i = 0; i < units.length; i++) {
                r ^= ((r & 63) + n) * units.at(i) + (r << 8);
                n += 3;
            }
            return r & 0xffffffffL;
        }
    },
    /** xmemcached's {@code ELF_HASH}. */
    ELF {
        @Override
        public long hash(DataBlock routingKey) {
            Units units = new Units(routingKey);
            long r = 0;
            for (int i = 0; i < units.length; i++) {
                r = (r << 4) + units.at(i);
                long high = r & 0xf0000000L;
                if (high != 0) {
                    r = (r ^ high >> 24) & ~high;
                }
            }
            return r & 0x7fffffff;
        }
    },
    /** xmemcached's {@code RS_HASH}. */
    RS {
        @Override
        public long hash(DataBlock routingKey) {
            Units units = new Units(routingKey);
            long r = 0;
            long factor = 63689;
            for (int i = 0; i < units.length; i++) {
                r = r * factor + units.at(i);
                factor *= 378551;
            }
            return r & 0x7fffffff;
        }
    },
    /** xmemcached's {@code LUA_HASH}. */
    LUA {
        @Override
        public long hash(DataBlock routingKey) {
            Units units = new Units(routingKey);
            int step = (units.length >> 5) + 1;
            long r = units.length;
            for (int i = units.length; i >= step; i -= step) {
                r ^= (r << 5) + (r >> 2) + units.at(i - 1);
            }
            return r & 0xffffffffL;
        }
    },
    /** Jenkins one-at-a-time of the bytes, unsigned where libmemcached's is signed. */
    ONE_AT_A_TIME {
        @Override
        public long hash(DataBlock routingKey) {
            return LibmemcachedHash.DEFAULT.unsignedChars().hash(routingKey);
        }
    };

    @Override
    public abstract long hash(DataBlock routingKey);

    /**
     * Bits 16 to 30 of this hash: what xmemcached's PHPMemcache locator makes of it. Of {@link #CRC}, which has 15
     * bits only, nothing is left: that setting sends all keys to the first server.
     */
    public HashFunction slice() {
        return key -> hash(key) >> 16 & 0x7fff;
    }

    /** UTF-16 units of UTF-8 bytes: the bytes themselves while they are ASCII. */
    private static final class Units {
        final int length;
        private final DataBlock bytes;
        private final @Nullable String text;

        Units(DataBlock bytes) {
            this.bytes = bytes;
            this.text = isAscii(bytes) ? null : bytes.toUtf8();
            this.length = text == null ? bytes.length() : text.length();
        }

        int at(int i) {
            return text == null ? bytes.at(i) : text.charAt(i);
        }

        int stringHash() {
            int h = 0;
            for (int i = 0; i < length; i++) {
                h = 31 * h + at(i);
            }
            return h;
        }

        private static boolean isAscii(DataBlock bytes) {
            for (int i = 0; i < bytes.length(); i++) {
                if (bytes.at(i) < 0) {
                    return false;
                }
            }
            return true;
        }
    }
}
