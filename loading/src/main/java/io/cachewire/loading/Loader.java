package io.cachewire.loading;

import org.jspecify.annotations.Nullable;

/**
 * Loads the value of a key, on the thread of the caller that needs it.
 *
 * @param <K> type of the key
 * @param <R> what it gives: the value, or a {@link Loaded}
 */
@FunctionalInterface
public interface Loader<K, R> {
    /**
     * The value; null when there is none.
     *
     * @throws Exception unchecked ones come out of the call as they are, checked ones as the cause of a {@link LoadFailedException}
     */
    @Nullable
    R load(K key) throws Exception;
}
