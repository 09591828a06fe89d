package io.cachewire.verification.servers.model;

import java.nio.charset.StandardCharsets;

/** One item. The fields change under the lock of the server. */
public final class Item {
    private static final int OVERHEAD = 48 + 1 + 2 + 8;

    final String key;
    byte[] value;
    int flags;
    /** The second since 1970 at which it ends, 0 for never. */
    long end;

    long cas;
    long lastAccess;
    boolean fetched;
    boolean stale;
    boolean won;
    boolean base64;

    Item(String key, byte[] value, int flags, long end) {
        this.key = key;
        this.value = value;
        this.flags = flags;
        this.end = end;
    }

    /** What memcached counts for an item. */
    static long size(String key, long length, int flags) {
        return OVERHEAD + key.length() + length + (flags == 0 ? 0 : 4);
    }

    long size() {
        return size(key, value.length, flags);
    }

    /** The value, a character for each byte. */
    public String text() {
        return new String(value, StandardCharsets.ISO_8859_1);
    }
}
