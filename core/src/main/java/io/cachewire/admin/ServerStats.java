package io.cachewire.admin;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code stats}: what a server counts. A part is null when the server did not tell it, or not as a number; {@code raw} has every line.
 *
 * @param pid of the server's process
 * @param uptime since it was started
 * @param time the server's clock
 * @param version its version, as it says it
 * @param currItems items now, expired ones included until they are noticed
 * @param totalItems items stored since it was started
 * @param bytes used by items
 * @param limitMaxBytes that items may use
 * @param currConnections open now
 * @param cmdGet reads
 * @param cmdSet writes
 * @param getHits reads that found their item
 * @param getMisses reads that did not
 * @param evictions valid items removed to make room
 * @param raw all lines, in the server's order
 */
public record ServerStats(
        @Nullable Long pid,
        @Nullable Duration uptime,
        @Nullable Instant time,
        @Nullable String version,
        @Nullable Long currItems,
        @Nullable Long totalItems,
        @Nullable Long bytes,
        @Nullable Long limitMaxBytes,
        @Nullable Long currConnections,
        @Nullable Long cmdGet,
        @Nullable Long cmdSet,
        @Nullable Long getHits,
        @Nullable Long getMisses,
        @Nullable Long evictions,
        Map<String, String> raw) {}
