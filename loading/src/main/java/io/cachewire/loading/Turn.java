package io.cachewire.loading;

import org.jspecify.annotations.Nullable;

/**
 * What a caller who has waited in a flight is told. After {@code Load} it loads and reports to the flight; the others are the end.
 *
 * @param <V> type of the value
 */
sealed interface Turn<V> {
    /**
     * The caller is to load.
     *
     * @param lease to store with; null when nothing is to be stored
     */
    record Load<V>(@Nullable Lease lease) implements Turn<V> {}

    /**
     * The value is there, or known to be absent.
     *
     * @param value it; null for an absent one
     */
    record Done<V>(@Nullable V value) implements Turn<V> {}

    /** The load failed, or was not waited for any longer. */
    record Failed<V>(Throwable failure) implements Turn<V> {}
}
