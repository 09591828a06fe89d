package io.cachewire.loading;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a process keeps copies of values near. Writes by others, and {@code flush_all}, are seen within {@code staleAtMost}, and not before.
 *
 * @param maxBytes memory for the copies, in bytes of encoded values and keys, with 128 bytes more for each; values that are kept decoded may take more
 * @param staleAtMost how long a copy is used at most
 * @param keepsDecoded whether values are decoded once for all readers, who must not change them
 * @param hotWithin only values are kept that the server has been asked for before, within this time (needs the meta protocol); null for all values
 */
public record NearSettings(
        long maxBytes,
        Duration staleAtMost,
        boolean keepsDecoded,
        @Nullable Duration hotWithin) {
    /** Refuses what cannot be. */
    public NearSettings {
        if (maxBytes < 1) {
            throw new IllegalArgumentException("maxBytes must be 1 or more, not " + maxBytes);
        }
        LoadingBuilder.requirePositive("staleAtMost", staleAtMost);
        if (hotWithin != null) {
            LoadingBuilder.requirePositive("hotWithin", hotWithin);
        }
    }

    /** Copies of all values that are read, decoded by each reader. */
    public static NearSettings of(long maxBytes, Duration staleAtMost) {
        return new NearSettings(maxBytes, staleAtMost, false, null);
    }

    /** The same with values that are decoded once: for values that nobody changes. */
    public NearSettings keepDecoded() {
        return new NearSettings(maxBytes, staleAtMost, true, hotWithin);
    }

    /** The same for values only that the server has been asked for before, within this time. */
    public NearSettings hotOnly(Duration within) {
        return new NearSettings(maxBytes, staleAtMost, keepsDecoded, within);
    }
}
