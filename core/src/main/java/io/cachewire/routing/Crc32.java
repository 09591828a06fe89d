package io.cachewire.routing;

import io.cachewire.DataBlock;

/**
 * CRC-32 (IEEE 802.3) without an object per key; {@code java.util.zip} has no call that takes a run of bytes and
 * keeps nothing.
 */
final class Crc32 {
    private static final int[] TABLE = table();

    private Crc32() {}

    private static int[] table() {
        int[] table = new int[256];
        for (int i = 0; i < table.length; i++) {
            int c = i;
            for (int bit = 0; bit < 8; bit++) {
                c = (c & 1) == 0 ? c >>> 1 : c >>> 1 ^ 0xedb88320;
            }
            table[i] = c;
        }
        return table;
    }

    static int of(DataBlock bytes) {
        return continued(0, bytes);
    }

    /** The checksum of what {@code crc} is the checksum of, followed by the bytes. */
    static int continued(int crc, DataBlock bytes) {
        int c = ~crc;
        for (int i = 0; i < bytes.length(); i++) {
            c = TABLE[(c ^ bytes.at(i)) & 0xff] ^ c >>> 8;
        }
        return ~c;
    }

    /** The 15 bits that Cache::Memcached made the custom of text-protocol clients. */
    static int slice(int crc) {
        return crc >>> 16 & 0x7fff;
    }
}
