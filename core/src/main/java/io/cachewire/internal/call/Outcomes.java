package io.cachewire.internal.call;

import org.jspecify.annotations.Nullable;

/**
 * What became of operations that were submitted together, by their place in the list.
 *
 * @param <P> type of the result of one
 */
public interface Outcomes<P extends @Nullable Object> {
    /**
     * The result of one operation, decoded here and now.
     *
     * @throws io.cachewire.MemcachedException when it failed
     */
    P result(int index);
}
