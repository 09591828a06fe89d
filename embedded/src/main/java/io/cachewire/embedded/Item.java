package io.cachewire.embedded;

/**
 * One item of the store. Fields change only on the server's thread; the value array never changes, so that replies not
 * yet written may refer to it. An item that was replaced stays as it was in the hands of the command that holds it.
 */
final class Item {
    private static final int HEADER_BYTES = 48;
    private static final int CAS_BYTES = 8;
    private static final int FLAGS_BYTES = 4;
    private static final int LINE_END_BYTES = 2;
    // the item, its arrays' headers, the String and the entry of the map with its share of the table
    private static final int OBJECT_BYTES = 200;

    /** The key, one character per byte. */
    final String key;
    /** The 32 bits of client flags. */
    final int flags;

    byte[] value;
    /** When it is over, by {@link ServerClock}; 0 for never. */
    int exptime;
    /** The cas unique; before the item is linked, the one asked for, or 0. */
    long cas;
    /** When it was linked or last used, by {@link ServerClock}. */
    int lastAccess;
    /** Stored by a command that gave the key in base64. */
    boolean base64Key;

    boolean fetched;
    boolean stale;
    /** Somebody was told that it is his to recache. */
    boolean winTaken;

    Item(String key, int flags, int exptime, byte[] value) {
        this.key = key;
        this.flags = flags;
        this.exptime = exptime;
        this.value = value;
    }

    /** What memcached 1.6 on a 64-bit machine takes for such an item. */
    static long size(String key, int flags, long valueLength) {
        return HEADER_BYTES
                + key.length()
                + 1
                + (flags == 0 ? 0 : FLAGS_BYTES)
                + valueLength
                + LINE_END_BYTES
                + CAS_BYTES;
    }

    /** About what it takes of the heap: the value, the key, and the objects around them. */
    long heapSize() {
        return (long) OBJECT_BYTES + key.length() + value.length;
    }

    long size() {
        return size(key, flags, value.length);
    }
}
