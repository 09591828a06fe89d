package io.cachewire.loading;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The items of a view on their servers: what flights need of the client, and no more, so that a simulation can take its place. Nothing here
 * blocks.
 *
 * @param <V> type of the values
 */
interface ItemStore<V> {
    /** Reads an item, and asks for the turn where the view's settings say so. */
    CompletableFuture<Reading<V>> read(String key);

    /** Reads an item without asking for the turn. */
    CompletableFuture<Reading<V>> peek(String key);

    /**
     * Stores a value under a lease; whether it was stored.
     *
     * @param value the value; null for the mark of absence
     * @param ttl how long it is fresh; null for ever
     */
    CompletableFuture<Boolean> store(String key, Lease lease, @Nullable V value, @Nullable Duration ttl);

    /** Gives the turn back, so that the next reader wins; an old value stays. */
    CompletableFuture<?> giveBack(String key, Lease lease);

    /** Deletes the item if it is still the one of the lease. */
    CompletableFuture<?> delete(String key, Lease lease);

    /**
     * Stores a value whatever is there.
     *
     * @param value the value; null for the mark of absence
     * @param ttl how long it is fresh; null for ever
     */
    CompletableFuture<@Nullable Void> put(String key, @Nullable V value, @Nullable Duration ttl);

    /** Deletes an item, or marks it stale where the view's settings say so; whether there was one. */
    CompletableFuture<Boolean> invalidate(String key);

    /** {@link io.cachewire.ClusterView#changes} now. */
    long changes();

    /** Whether the lease can still be used: its process of the server has not been left since. */
    boolean isValid(Lease lease);
}
