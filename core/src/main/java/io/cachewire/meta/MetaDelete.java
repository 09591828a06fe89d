package io.cachewire.meta;

import io.cachewire.Expiry;
import io.cachewire.IllegalRequestException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a {@code delete} of the meta commands deletes; immutable. The parts may be set in any order: whether they fit together is
 * checked by the call, which throws an {@link IllegalRequestException} when they do not.
 *
 * @param compareCas only an item with this cas unique ({@code C}), or null
 * @param newCas the cas unique of an item that stays ({@code E}), or null for one of the server's
 * @param stale the item stays, marked stale ({@code I})
 * @param staleFor with {@code stale}: what it has left to live ({@code T}), or null to leave that
 * @param valueless the item stays without its value ({@code x})
 */
public record MetaDelete(
        @Nullable Long compareCas,
        @Nullable Long newCas,
        boolean stale,
        @Nullable Expiry staleFor,
        boolean valueless) {

    /** Deleting in any case. */
    public static MetaDelete plain() {
        return new MetaDelete(null, null, false, null, false);
    }

    /** Only while the item has this cas unique. */
    public MetaDelete compareCas(long cas) {
        return new MetaDelete(cas, newCas, stale, staleFor, valueless);
    }

    /** The item that stays gets a cas unique of the caller's choice; needs memcached 1.6.27. */
    public MetaDelete newCas(long cas) {
        return new MetaDelete(compareCas, cas, stale, staleFor, valueless);
    }

    /** The item stays, marked stale, so that one reader wins; its time to live is left as it is. */
    public MetaDelete markStale() {
        return new MetaDelete(compareCas, newCas, true, null, valueless);
    }

    /** The item stays for so long, marked stale, so that one reader wins. */
    public MetaDelete markStale(Duration ttl) {
        return new MetaDelete(compareCas, newCas, true, Expiry.after(ttl), valueless);
    }

    /** The item stays, without its value and flags; needs memcached 1.6.27. */
    public MetaDelete removeValue() {
        return new MetaDelete(compareCas, newCas, stale, staleFor, true);
    }
}
