package io.cachewire.meta;

import io.cachewire.Expiry;
import org.jspecify.annotations.Nullable;

/**
 * How a {@code count} of the meta commands counts; immutable.
 *
 * @param delta what is added, or subtracted down to 0; to be read as unsigned
 * @param down whether it is subtracted
 * @param initial what an absent counter is created with ({@code J}), or null to leave it absent
 * @param initialExpiry of a counter that is created ({@code N}); null for the client's default
 * @param touch a new expiry for the counter ({@code T}), or null
 * @param compareCas only a counter with this cas unique ({@code C}), or null
 * @param newCas the cas unique that it gets ({@code E}), or null for one of the server's
 */
public record MetaCount(
        long delta,
        boolean down,
        @Nullable Long initial,
        @Nullable Expiry initialExpiry,
        @Nullable Expiry touch,
        @Nullable Long compareCas,
        @Nullable Long newCas) {
    /** Adds. */
    public static MetaCount up(long delta) {
        return new MetaCount(delta, false, null, null, null, null, null);
    }

    /** Subtracts, down to 0. */
    public static MetaCount down(long delta) {
        return new MetaCount(delta, true, null, null, null, null, null);
    }

    /** An absent counter is created with this value, which is the result then; null for the client's default expiry. */
    public MetaCount createWith(long value, @Nullable Expiry expiry) {
        return new MetaCount(delta, down, value, expiry, touch, compareCas, newCas);
    }

    /** Gives the counter a new expiry. */
    public MetaCount touch(Expiry expiry) {
        return new MetaCount(delta, down, initial, initialExpiry, expiry, compareCas, newCas);
    }

    /** Only while the counter has this cas unique. */
    public MetaCount compareCas(long cas) {
        return new MetaCount(delta, down, initial, initialExpiry, touch, cas, newCas);
    }

    /** With a cas unique of the caller's choice; needs memcached 1.6.27. */
    public MetaCount newCas(long cas) {
        return new MetaCount(delta, down, initial, initialExpiry, touch, compareCas, cas);
    }
}
