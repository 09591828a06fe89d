package io.cachewire.admin;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a server tells of an item without touching it ({@code me}). A part is null when the line did not tell it.
 *
 * @param ttl what is left of its time to live; null for never. An item in its last second looks like one that never expires
 * @param lastAccess since it was last read, or stored
 * @param cas its cas unique, to be read as unsigned
 * @param fetched whether it was read since it was stored
 * @param slabClass the number of its slab class
 * @param size bytes that it takes, key and header included
 * @param raw the line
 */
public record ItemDebug(
        @Nullable Duration ttl,
        @Nullable Duration lastAccess,
        @Nullable Long cas,
        @Nullable Boolean fetched,
        @Nullable Integer slabClass,
        @Nullable Long size,
        String raw) {}
