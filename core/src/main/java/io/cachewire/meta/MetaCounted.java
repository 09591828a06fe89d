package io.cachewire.meta;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What became of a {@code count} of the meta commands. All but the status is null unless that is {@link MetaStatus#DONE}.
 *
 * @param status whether it was counted
 * @param value the new value, to be read as unsigned
 * @param cas the counter's new cas unique, to be read as unsigned
 * @param ttl what is left of its time to live; null when it never expires, too, and in the answer that creates the
 *     counter (memcached 1.6.18 says "never" there whatever its time to live)
 */
public record MetaCounted(
        MetaStatus status,
        @Nullable Long value,
        @Nullable Long cas,
        @Nullable Duration ttl) {}
