package io.cachewire.admin;

import io.cachewire.DataBlock;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One item of a dump. A part is null when the line did not tell it: {@code mgdump} tells the key alone.
 *
 * @param key its bytes as text; bytes that are no UTF-8 are U+FFFD here
 * @param keyBytes its bytes
 * @param expiresAt when it expires; null for never
 * @param lastAccess when it was last read, or stored
 * @param cas its cas unique, to be read as unsigned
 * @param fetched whether it was read since it was stored
 * @param slabClass the number of its slab class
 * @param size bytes that it takes, key and header included
 * @param raw the line
 */
public record DumpedItem(
        String key,
        DataBlock keyBytes,
        @Nullable Instant expiresAt,
        @Nullable Instant lastAccess,
        @Nullable Long cas,
        @Nullable Boolean fetched,
        @Nullable Integer slabClass,
        @Nullable Long size,
        String raw) {}
