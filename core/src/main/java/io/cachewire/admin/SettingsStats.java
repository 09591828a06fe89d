package io.cachewire.admin;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code stats settings}: how a server is set up. A part is null when the server did not tell it; {@code raw} has every line.
 *
 * @param maxBytes that items may use
 * @param maxConnections that may be open
 * @param tcpPort 0 for none
 * @param udpPort 0 for none
 * @param verbosity of the log
 * @param evictions whether items are evicted to make room
 * @param casEnabled whether items have cas uniques
 * @param threads that serve connections
 * @param itemSizeMax the longest item, in bytes
 * @param lruCrawler whether the crawler runs
 * @param slabAutomove how pages move between slab classes
 * @param flushEnabled whether {@code flush_all} is allowed
 * @param dumpEnabled whether dumps are allowed
 * @param raw all lines, in the server's order
 */
public record SettingsStats(
        @Nullable Long maxBytes,
        @Nullable Long maxConnections,
        @Nullable Long tcpPort,
        @Nullable Long udpPort,
        @Nullable Long verbosity,
        @Nullable Boolean evictions,
        @Nullable Boolean casEnabled,
        @Nullable Long threads,
        @Nullable Long itemSizeMax,
        @Nullable Boolean lruCrawler,
        @Nullable Long slabAutomove,
        @Nullable Boolean flushEnabled,
        @Nullable Boolean dumpEnabled,
        Map<String, String> raw) {}
