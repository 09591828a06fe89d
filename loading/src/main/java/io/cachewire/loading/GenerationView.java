package io.cachewire.loading;

import io.cachewire.BlockingMemcachedClient;
import io.cachewire.CallInterruptedException;
import io.cachewire.MemcachedException.Delivery;
import io.cachewire.ValueType;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The items of a client whose keys begin with a prefix, which can be forgotten together by one write, without loaders. Keys are sent as the
 * prefix, a generation of 16 digits, a colon and the name; the generation is the item {@code prefix + ":generation"}. A read asks for it at most once
 * in the time between checks, in one batch with the item; a write always does. When it cannot be asked, calls fail as a call to its server fails.
 * Made by {@link Loading#generation(BlockingMemcachedClient, String)}; safe for any number of threads.
 */
public final class GenerationView {
    private final AsyncGenerationView async;

    GenerationView(AsyncGenerationView async) {
        this.async = async;
    }

    /** The same view for futures. */
    public AsyncGenerationView async() {
        return async;
    }

    /**
     * A client for all other commands, whose keys get the prefix and the generation. After the time between checks it may be that of a generation
     * that was forgotten: take a new one.
     */
    public BlockingMemcachedClient current() {
        return await(async.current()).blocking();
    }

    /** The value; null for a miss. */
    public <T> @Nullable T get(String name, Class<T> type) {
        return await(async.get(name, type));
    }

    /** As {@link #get(String, Class)}, for a generic type. */
    public <T> @Nullable T get(String name, ValueType<T> type) {
        return await(async.get(name, type));
    }

    /** The values of all names that have one. */
    public <T> Map<String, T> getAll(Collection<String> names, Class<T> type) {
        return await(async.getAll(names, type));
    }

    /** As {@link #getAll(Collection, Class)}, for a generic type. */
    public <T> Map<String, T> getAll(Collection<String> names, ValueType<T> type) {
        return await(async.getAll(names, type));
    }

    /** Stores a value. */
    public void set(String name, Object value, Duration ttl) {
        await(async.set(name, value, ttl));
    }

    /** Stores a value if there is none; whether it was stored. */
    public boolean putIfAbsent(String name, Object value, Duration ttl) {
        return await(async.putIfAbsent(name, value, ttl));
    }

    /** Deletes an item; whether there was one. */
    public boolean delete(String name) {
        return await(async.delete(name));
    }

    /**
     * Forgets all items, here at once and in other processes within their time between checks. When the server that holds the generation cannot be
     * asked this fails; this process then uses no old item, and repeats the write until it succeeds or ends.
     */
    public void invalidateAll() {
        await(async.invalidateAll());
    }

    private static <R extends @Nullable Object> R await(CompletableFuture<R> future) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CallInterruptedException(Delivery.INDETERMINATE, null);
        } catch (ExecutionException e) {
            throw LoadingEngine.unchecked(ClientStore.cause(e.getCause() == null ? e : e.getCause()));
        }
    }

    @Override
    public String toString() {
        return async.toString();
    }
}
