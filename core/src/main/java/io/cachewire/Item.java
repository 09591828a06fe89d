package io.cachewire;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * All that the server tells of an item.
 *
 * @param value the decoded value
 * @param flags the 32 bits stored with it, to be read as unsigned
 * @param cas the cas unique, to be read as unsigned
 * @param ttl what is left of its time to live, in whole seconds; null when it never expires, or when the server did not say (the
 *     classic text protocol cannot)
 * @param lastAccess how long ago it was read before this read, in whole seconds; null when the server did not say
 * @param hitBefore whether it had been read since it was stored; false when the server did not say
 * @param size bytes of the stored data block, before decompression
 * @param <T> type of the value
 */
public record Item<T>(
        T value,
        int flags,
        long cas,
        @Nullable Duration ttl,
        @Nullable Duration lastAccess,
        boolean hitBefore,
        int size) {}
