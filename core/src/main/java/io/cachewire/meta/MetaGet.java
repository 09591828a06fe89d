package io.cachewire.meta;

import io.cachewire.Expiry;
import io.cachewire.IllegalRequestException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a {@code get} of the meta commands does besides reading; immutable.
 *
 * @param touch a new expiry for the item ({@code T}), or null
 * @param vivify on a miss, the time to live of the placeholder that makes this caller the winner ({@code N}), or null
 * @param recache with less than this left to live, one caller wins ({@code R}), or null
 * @param bump whether the read counts as one for the LRU; false is {@code u}
 */
public record MetaGet(
        @Nullable Expiry touch,
        @Nullable Expiry vivify,
        @Nullable Duration recache,
        boolean bump) {
    private static final Duration LONGEST = Duration.ofSeconds(Integer.MAX_VALUE);

    /**
     * Checks the threshold.
     *
     * @throws IllegalRequestException when it is negative or above 68 years
     */
    public MetaGet {
        if (recache != null && (recache.isNegative() || recache.compareTo(LONGEST) > 0)) {
            throw new IllegalRequestException("a threshold for recaching is 0 to 68 years, not " + recache);
        }
    }

    /** Reading alone. */
    public static MetaGet plain() {
        return new MetaGet(null, null, null, true);
    }

    /** Gives the item a new expiry. */
    public MetaGet touch(Expiry expiry) {
        return new MetaGet(expiry, vivify, recache, bump);
    }

    /** On a miss one caller wins, and has so long to store the value before another one may win. */
    public MetaGet vivify(Duration lease) {
        return new MetaGet(touch, Expiry.after(lease), recache, bump);
    }

    /** With less than {@code threshold} left to live one caller wins, while all use the value that is there. */
    public MetaGet recache(Duration threshold) {
        return new MetaGet(touch, vivify, threshold, bump);
    }

    /** The read leaves no trace: neither the LRU nor the time of the last access. */
    public MetaGet withoutBump() {
        return new MetaGet(touch, vivify, recache, false);
    }
}
