package io.cachewire.loading;

import io.cachewire.BlockingMemcachedClient;
import io.cachewire.CallInterruptedException;
import io.cachewire.MemcachedException;
import io.cachewire.MemcachedException.Delivery;
import io.cachewire.ProtocolException;
import io.cachewire.ValueType;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A view of a client whose misses are loaded, for threads: the loader runs on the thread of the caller that has the turn, all others wait for
 * its value. A view is safe for any number of threads, and lives as long as its client. A loader that runs in a transaction caches what is not
 * committed.
 *
 * @param <K> type of the keys
 * @param <V> type of the values
 */
@SuppressWarnings("FutureReturnValueIgnored") // nobody waits for a load behind a caller
public final class LoadingCache<K, V> {
    private final LoadingEngine<K, V> engine;

    LoadingCache(LoadingEngine<K, V> engine) {
        this.engine = engine;
    }

    /** A builder of a view of all keys that begin with a prefix. */
    public static <K, V> LoadingBuilder<K, V, LoadingCache<K, V>> builder(
            BlockingMemcachedClient client, String prefix, Class<V> type) {
        return builder(client, prefix, ValueType.of(type));
    }

    /** As {@link #builder(BlockingMemcachedClient, String, Class)}, for a generic type. */
    public static <K, V> LoadingBuilder<K, V, LoadingCache<K, V>> builder(
            BlockingMemcachedClient client, String prefix, ValueType<V> type) {
        return new LoadingBuilder<>(client.async(), prefix, type, LoadingCache::new);
    }

    /** The same view for futures. */
    public AsyncLoadingCache<K, V> async() {
        return new AsyncLoadingCache<>(engine);
    }

    /**
     * The value of a key, loaded if need be; null when the loader found none.
     *
     * @throws LoadFailedException when the loader threw a checked exception; an unchecked one comes out as it is
     */
    public @Nullable V get(K key, Loader<? super K, ? extends V> loader) {
        return getLoaded(key, wanted -> Loaded.of(loader.load(wanted)));
    }

    /** As {@link #get}, for a loader that says how long its value is fresh. */
    public @Nullable V getLoaded(K key, Loader<? super K, Loaded<V>> loader) {
        LoadingEngine.Start<V> start = start(key);
        Seat<V> seat = start.seat();
        if (seat == null) {
            return start.value();
        }
        if (start.isBehind()) {
            behind(key, seat, loader);
            return start.value();
        }
        Duration soft = engine.settings.softTimeout();
        return soft == null || seat.old == null ? drive(key, seat, loader) : softly(key, seat, loader, soft);
    }

    /**
     * The values of several keys: one batch to each server, and one call of the loader for all that are missing, or are won from a load that was
     * given up; those that others load are waited for afterwards. {@code softTimeout} has no part in it, and each key that is loaded counts for
     * {@code maxFlights}.
     *
     * @param loader gets the keys that are to be loaded; keys that it leaves out are absent, keys that were not asked for are an error
     * @return the keys that have a value, in the order asked for
     * @throws LoadFailedException when the loader threw a checked exception, or gave other keys
     */
    public Map<K, V> getAll(Collection<? extends K> keys, Loader<? super Set<K>, ? extends Map<K, V>> loader) {
        Batch<K, V> batch = await(engine.batch(keys, WaitGraph.current()), null, engine.prefix());
        Batch<K, V> behind = batch.behind();
        if (!behind.isEmpty()) {
            allBehind(behind, loader);
        }
        return driveAll(batch, loader);
    }

    private void allBehind(Batch<K, V> batch, Loader<? super Set<K>, ? extends Map<K, V>> loader) {
        String first = batch.firstKey();
        try {
            engine.executor().execute(() -> {
                try {
                    driveAll(batch, loader);
                } catch (Throwable e) {
                    engine.failedBehind(first, e);
                }
            });
        } catch (RuntimeException e) {
            batch.leave();
            engine.failedBehind(first, e);
        }
    }

    private Map<K, V> driveAll(Batch<K, V> batch, Loader<? super Set<K>, ? extends Map<K, V>> loader) {
        try {
            while (true) {
                Map<K, Seat<V>> won = batch.turns();
                if (!won.isEmpty()) {
                    loadAll(batch, won, loader);
                } else if (batch.isDone()) {
                    return batch.values();
                } else {
                    await(batch.next(), null, engine.prefix());
                }
            }
        } catch (RuntimeException | Error e) {
            batch.leave();
            throw e;
        }
    }

    private void loadAll(Batch<K, V> batch, Map<K, Seat<V>> won, Loader<? super Set<K>, ? extends Map<K, V>> loader) {
        Map<K, V> loaded;
        List<Flight<?>> before = WaitGraph.enter(Batch.flights(won));
        try {
            loaded = loader.load(Collections.unmodifiableSet(won.keySet()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CallInterruptedException(Delivery.ANSWERED, engine.prefix());
        } catch (Throwable e) {
            await(batch.failed(won, failure(engine.prefix(), e)), null, engine.prefix());
            return;
        } finally {
            WaitGraph.enter(before);
        }
        await(batch.loaded(won, loaded), null, engine.prefix());
    }

    private LoadingEngine.Start<V> start(K key) {
        List<Flight<?>> waiters = WaitGraph.current();
        String wire = engine.wire(key);
        if (wire == null) {
            return engine.start(await(engine.look(key), null, engine.prefix()), waiters);
        }
        Cached<V> copy = engine.near(wire);
        if (copy != null) {
            return new LoadingEngine.Start<>(copy.value(), null, false);
        }
        NearCopies.Ticket ticket = engine.ticket(wire);
        Reading<V> found;
        try {
            found = read(wire);
        } catch (MemcachedException e) {
            return engine.startWithoutCache(wire, e, waiters);
        }
        return engine.start(wire, found, waiters, ticket);
    }

    /** On a hit this is all: one command, whose answer this thread awaits. */
    private Reading<V> read(String wire) {
        if (engine.store instanceof ClientStore<V> store && store.hasMeta()) {
            try {
                return store.readBlocking(wire);
            } catch (ProtocolException e) {
                if (!ClientStore.isWithoutMeta(e)) {
                    throw e;
                }
            }
        }
        return await(engine.store.read(wire), null, wire);
    }

    /** Waits for the turn, loads if it is this caller's, and gives the value. */
    private @Nullable V drive(K key, Seat<V> seat, Loader<? super K, Loaded<V>> loader) {
        String wire = seat.key();
        Turn<V> turn = await(seat.turn, seat, wire);
        if (turn instanceof Turn.Done<V> done) {
            return done.value();
        }
        if (turn instanceof Turn.Failed<V> failed) {
            throw LoadingEngine.unchecked(failed.failure());
        }
        Loaded<V> loaded;
        List<Flight<?>> before = WaitGraph.enter(seat.flights());
        try {
            loaded = loader.load(key);
        } catch (InterruptedException e) {
            engine.leave(seat);
            Thread.currentThread().interrupt();
            throw new CallInterruptedException(Delivery.ANSWERED, wire);
        } catch (Throwable e) {
            return await(engine.failed(seat, failure(wire, e)), null, wire);
        } finally {
            WaitGraph.enter(before);
        }
        return await(engine.loaded(seat, loaded), null, wire);
    }

    private static Throwable failure(String wire, Throwable thrown) {
        return thrown instanceof RuntimeException || thrown instanceof Error
                ? thrown
                : new LoadFailedException(wire, thrown);
    }

    /** Has the load run where no caller waits for it. */
    private CompletableFuture<@Nullable V> behind(K key, Seat<V> seat, Loader<? super K, Loaded<V>> loader) {
        CompletableFuture<@Nullable V> result = new CompletableFuture<>();
        try {
            engine.executor().execute(() -> {
                try {
                    result.complete(drive(key, seat, loader));
                } catch (Throwable e) {
                    engine.failedBehind(seat.key(), e);
                    result.completeExceptionally(e);
                }
            });
        } catch (RuntimeException e) {
            engine.leave(seat);
            engine.failedBehind(seat.key(), e);
            result.completeExceptionally(e);
        }
        return result;
    }

    private @Nullable V softly(K key, Seat<V> seat, Loader<? super K, Loaded<V>> loader, Duration soft) {
        CompletableFuture<@Nullable V> result = behind(key, seat, loader);
        try {
            return result.get(soft.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            engine.servedStale();
            return seat.old;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CallInterruptedException(Delivery.INDETERMINATE, seat.key());
        } catch (ExecutionException e) {
            throw LoadingEngine.unchecked(e.getCause() == null ? e : e.getCause());
        }
    }

    /** Waits for a future; a caller that is interrupted leaves its seat. */
    private <R extends @Nullable Object> R await(CompletableFuture<R> future, @Nullable Seat<V> seat, String wire) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            if (seat != null) {
                engine.leave(seat);
            }
            Thread.currentThread().interrupt();
            throw new CallInterruptedException(Delivery.INDETERMINATE, wire);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw LoadingEngine.unchecked(cause instanceof CompletionException ? ClientStore.cause(cause) : cause);
        }
    }

    /**
     * Stores a value, with the view's time to live. A load of the key that is under way is not stored.
     *
     * @param value the value; null is remembered for {@code absent}, and without that setting the same as {@link #invalidate}
     */
    public void put(K key, @Nullable V value) {
        await(engine.put(key, value), null, engine.prefix());
    }

    /**
     * Stores a value if there is none, atomically for all processes: a remembered null, a load that is under way and a value whose time is over
     * are none.
     *
     * @param value the value; null only with the setting {@code absent}, and then a remembered null is not replaced
     * @return null when the value was stored, otherwise what is there
     */
    public @Nullable Cached<V> putIfAbsent(K key, @Nullable V value) {
        return await(engine.putIfAbsent(key, value), null, engine.prefix());
    }

    /** What the server has, without a load: null for a miss, and a {@link Cached} null for a null that is remembered. A load under way is a miss. */
    public @Nullable Cached<V> getIfPresent(K key) {
        return await(engine.getIfPresent(key), null, engine.prefix());
    }

    /**
     * Forgets the value of a key, here and in all processes: it is deleted, or marked stale with {@code staleFor}. A load under way is not stored.
     *
     * @return whether the server had an item for the key, which may have been a remembered null or the mark of a load
     */
    public boolean invalidate(K key) {
        return await(engine.invalidate(key), null, engine.prefix());
    }

    /**
     * Forgets all values of the view, here at once and in other processes within {@code generationCheck}, by one write. When the server that holds
     * the generation cannot be asked this fails; this process then uses no old value, and repeats the write until it succeeds or ends.
     *
     * @throws IllegalStateException without the setting {@code forgettable}
     */
    public void invalidateAll() {
        await(engine.invalidateAll(), null, engine.prefix());
    }

    /** What the view has counted. */
    public LoadingStats stats() {
        return engine.stats();
    }

    /** How the view is set up. */
    public LoadingSettings settings() {
        return engine.settings;
    }
}
