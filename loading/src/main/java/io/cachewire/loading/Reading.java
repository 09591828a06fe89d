package io.cachewire.loading;

import io.cachewire.Item;
import io.cachewire.serde.Undecoded;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What one read of a key has found on its server.
 *
 * @param content what is there
 * @param turn whose turn it is to load
 * @param isStale whether the item was marked stale
 * @param item the item; null when there is none
 * @param cas its cas unique, to be read as unsigned; 0 for none
 * @param changes {@link io.cachewire.ClusterView#changes} before the read
 * @param dialect how the server is spoken to
 * @param <V> type of the value
 */
record Reading<V>(
        Content content,
        Whose turn,
        boolean isStale,
        @Nullable Item<Undecoded<V>> item,
        long cas,
        long changes,
        Dialect dialect) {
    enum Content {
        /** No item. */
        NOTHING,
        /** An item without a value: somebody loads it. */
        PLACEHOLDER,
        /** The mark for a value that does not exist. */
        ABSENT,
        /** A value. */
        VALUE
    }

    enum Whose {
        /** Nobody's: the item is good, or the server does not arbitrate. */
        NOBODY,
        /** This caller's. */
        MINE,
        /** Another caller's. */
        ANOTHERS
    }

    enum Dialect {
        META,
        /** Classic text, or binary: without turns and without the time that is left. */
        OTHER
    }

    /** What the item has left to live; null when it never expires, or the server did not say. */
    @Nullable
    Duration left() {
        return item == null ? null : item.ttl();
    }

    /** How much longer the value is fresh, negative when it is over; null when that does not end or is not known. */
    @Nullable
    Duration freshFor(LoadingSettings settings) {
        Duration left = left();
        return left == null ? null : left.minus(settings.kept());
    }

    /** Whether the value's time is over, and it is only kept for the case that loading fails. */
    boolean isExpired(LoadingSettings settings) {
        Duration fresh = freshFor(settings);
        return settings.failSafe() != null && fresh != null && fresh.isNegative();
    }

    /** The value; null for the mark of absence, and for what a serde takes for a miss. */
    @Nullable
    V value() {
        return item == null || content != Content.VALUE ? null : item.value().decode();
    }
}
