package io.cachewire.interop.live;

import java.util.Collection;
import java.util.Map;

/**
 * One real client of another kind, connected to all servers. Values are those of {@link Kind}: null, {@code String},
 * {@code byte[]}, {@code BigInteger}, {@code Double}, {@code Boolean}, {@code List} and {@code Map}; whole numbers come
 * back as {@code BigInteger}. For use by one thread.
 */
interface Peer extends AutoCloseable {
    /** Name and version, as the client tells them. */
    String version();

    /** Stores values one by one; the keys that were not stored, and why. */
    Map<String, String> store(Map<String, ?> values, int ttlSeconds);

    /** Reads keys one by one. */
    Fetched fetch(Collection<String> keys);

    /** Adds to a counter that is there. */
    long increment(String key, long by);

    /** Gives an item a new expiry; null when the client has no such call. */
    Boolean touch(String key, int ttlSeconds);

    /** Deletes an item. */
    void delete(String key);

    @Override
    void close();

    /** Hits with their values, and the keys that could not be read, with the reason. */
    record Fetched(Map<String, Object> hits, Map<String, String> failed) {}
}
