package io.cachewire.meta;

import io.cachewire.Expiry;
import io.cachewire.IllegalRequestException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a {@code set} of the meta commands stores; immutable.
 *
 * @param mode when, and where
 * @param expiry of the item; null for the client's default. Append and prepend leave it as it is
 * @param compareCas only an item with this cas unique is replaced ({@code C}), or null
 * @param newCas the cas unique that the item gets ({@code E}), or null for one of the server's
 * @param invalidate with {@code compareCas}: a value that is older than the item is stored and marked stale ({@code I})
 * @param vivify the time to live of an item that an append or prepend creates ({@code N}), or null for none
 */
public record MetaSet(
        Mode mode,
        @Nullable Expiry expiry,
        @Nullable Long compareCas,
        @Nullable Long newCas,
        boolean invalidate,
        @Nullable Expiry vivify) {
    /** When a value is stored, and where. */
    public enum Mode {
        /** In any case. */
        SET,
        /** When the item is absent. */
        ADD,
        /** When the item is present. */
        REPLACE,
        /** Behind the value of a present item. */
        APPEND,
        /** Before the value of a present item. */
        PREPEND
    }

    /**
     * Checks that the parts fit together.
     *
     * @throws IllegalRequestException when they do not
     */
    public MetaSet {
        boolean extending = mode == Mode.APPEND || mode == Mode.PREPEND;
        if (invalidate && compareCas == null) {
            throw new IllegalRequestException("invalidate needs a cas unique to compare with");
        }
        if (vivify != null && !extending) {
            throw new IllegalRequestException("vivify is for append and prepend; the other modes store anyway");
        }
        if (expiry != null && extending) {
            throw new IllegalRequestException("append and prepend leave the expiry as it is");
        }
    }

    /** Storing in a mode, and nothing else. */
    public static MetaSet of(Mode mode) {
        return new MetaSet(mode, null, null, null, false, null);
    }

    /** Storing in any case. */
    public static MetaSet plain() {
        return of(Mode.SET);
    }

    /** With an expiry. */
    public MetaSet expiry(Expiry newExpiry) {
        return new MetaSet(mode, newExpiry, compareCas, newCas, invalidate, vivify);
    }

    /** Only while the item has this cas unique. */
    public MetaSet compareCas(long cas) {
        return new MetaSet(mode, expiry, cas, newCas, invalidate, vivify);
    }

    /** With a cas unique of the caller's choice; needs memcached 1.6.27. */
    public MetaSet newCas(long cas) {
        return new MetaSet(mode, expiry, compareCas, cas, invalidate, vivify);
    }

    /** While the item has this cas unique as it is; over an item with a greater one marked stale. */
    public MetaSet invalidateUnless(long cas) {
        return new MetaSet(mode, expiry, cas, newCas, true, vivify);
    }

    /** An append or prepend that creates an absent item, with this time to live; needs memcached 1.6.20. */
    public MetaSet vivify(Duration ttl) {
        return new MetaSet(mode, expiry, compareCas, newCas, invalidate, Expiry.after(ttl));
    }
}
