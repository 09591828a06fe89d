package io.cachewire.admin;

import java.util.Map;

/**
 * {@code stats sizes}: how many items there are of each size.
 *
 * @param enabled false when the server does not keep count ({@code -o track_sizes}, or {@code enableSizes})
 * @param counts items by size, in steps of 32 bytes
 * @param raw all lines, in the server's order
 */
public record SizeStats(boolean enabled, Map<Integer, Long> counts, Map<String, String> raw) {}
