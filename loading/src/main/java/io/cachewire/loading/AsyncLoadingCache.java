package io.cachewire.loading;

import io.cachewire.AsyncMemcachedClient;
import io.cachewire.ValueType;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A view of a client whose misses are loaded, for futures: as {@link LoadingCache}, but the loader starts its work and gives a stage. It is
 * called on the client's callback executor. Each call has a future of its own; cancelling it touches no other.
 *
 * @param <K> type of the keys
 * @param <V> type of the values
 */
@SuppressWarnings("FutureReturnValueIgnored") // what completes a caller's future has no other result
public final class AsyncLoadingCache<K, V> {
    private final LoadingEngine<K, V> engine;

    AsyncLoadingCache(LoadingEngine<K, V> engine) {
        this.engine = engine;
    }

    /** A builder of a view of all keys that begin with a prefix. */
    public static <K, V> LoadingBuilder<K, V, AsyncLoadingCache<K, V>> builder(
            AsyncMemcachedClient client, String prefix, Class<V> type) {
        return builder(client, prefix, ValueType.of(type));
    }

    /** As {@link #builder(AsyncMemcachedClient, String, Class)}, for a generic type. */
    public static <K, V> LoadingBuilder<K, V, AsyncLoadingCache<K, V>> builder(
            AsyncMemcachedClient client, String prefix, ValueType<V> type) {
        return new LoadingBuilder<>(client, prefix, type, AsyncLoadingCache::new);
    }

    /** The same view for threads. */
    public LoadingCache<K, V> blocking() {
        return new LoadingCache<>(engine);
    }

    /** The value of a key, loaded if need be; null when the loader found none. */
    public CompletableFuture<@Nullable V> get(
            K key, Function<? super K, ? extends CompletionStage<? extends @Nullable V>> loader) {
        return getLoaded(key, wanted -> loader.apply(wanted).thenApply(Loaded::of));
    }

    /** As {@link #get}, for a loader that says how long its value is fresh. */
    public CompletableFuture<@Nullable V> getLoaded(
            K key, Function<? super K, ? extends CompletionStage<? extends @Nullable Loaded<V>>> loader) {
        String wire = engine.wire(key);
        List<Flight<?>> waiters = WaitGraph.current();
        CallerFuture result = new CallerFuture();
        if (wire == null) {
            engine.look(key).thenAccept(look -> {
                try {
                    go(engine.start(look, waiters), key, loader, result);
                } catch (Throwable e) {
                    result.completeExceptionally(e);
                }
            });
            return result;
        }
        Cached<V> copy = engine.near(wire);
        if (copy != null) {
            result.complete(copy.value());
            return result;
        }
        NearCopies.Ticket ticket = engine.ticket(wire);
        engine.store.read(wire).whenComplete((found, failure) -> {
            try {
                LoadingEngine.Start<V> start = failure == null
                        ? engine.start(wire, found, waiters, ticket)
                        : engine.startWithoutCache(wire, failure, waiters);
                go(start, key, loader, result);
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }

    private void go(
            LoadingEngine.Start<V> start,
            K key,
            Function<? super K, ? extends CompletionStage<? extends @Nullable Loaded<V>>> loader,
            CallerFuture result) {
        Seat<V> seat = start.seat();
        if (seat == null) {
            result.complete(start.value());
        } else if (start.isBehind()) {
            result.complete(start.value());
            CallerFuture behind = new CallerFuture();
            behind.whenComplete((value, failure) -> {
                if (failure != null) {
                    engine.failedBehind(seat.key(), ClientStore.cause(failure));
                }
            });
            drive(key, seat, loader, behind);
        } else {
            Duration soft = engine.settings.softTimeout();
            V old = seat.old;
            if (soft == null || old == null) {
                drive(key, seat, loader, result);
            } else {
                CallerFuture load = new CallerFuture();
                drive(key, seat, loader, load);
                engine.after(soft, () -> {
                    if (result.complete(old)) {
                        engine.servedStale();
                    }
                });
                load.whenComplete(result::end);
            }
        }
    }

    private void drive(
            K key,
            Seat<V> seat,
            Function<? super K, ? extends CompletionStage<? extends @Nullable Loaded<V>>> loader,
            CallerFuture result) {
        if (!result.sitsOn(seat)) {
            engine.leave(seat);
            return;
        }
        if (seat.turn.isDone()) {
            told(key, seat, loader, result);
        } else {
            // another caller's thread completes this, and must not run the loader of this caller
            seat.turn.whenCompleteAsync((turn, failure) -> told(key, seat, loader, result), engine.executor());
        }
    }

    private void told(
            K key,
            Seat<V> seat,
            Function<? super K, ? extends CompletionStage<? extends @Nullable Loaded<V>>> loader,
            CallerFuture result) {
        Turn<V> turn = seat.turn.join();
        if (turn instanceof Turn.Done<V> done) {
            result.complete(done.value());
        } else if (turn instanceof Turn.Failed<V> failed) {
            result.completeExceptionally(failed.failure());
        } else {
            load(key, seat, loader, result);
        }
    }

    private void load(
            K key,
            Seat<V> seat,
            Function<? super K, ? extends CompletionStage<? extends @Nullable Loaded<V>>> loader,
            CallerFuture result) {
        if (result.isCancelled()) {
            // it has left its seat, or does so now
            return;
        }
        List<Flight<?>> before = WaitGraph.enter(seat.flights());
        CompletionStage<? extends @Nullable Loaded<V>> stage;
        try {
            stage = loader.apply(key);
        } catch (Throwable e) {
            engine.failed(seat, e).whenComplete(result::end);
            return;
        } finally {
            WaitGraph.enter(before);
        }
        if (stage == null) {
            engine.failed(seat, new LoadFailedException("the loader gave null in place of a stage"))
                    .whenComplete(result::end);
            return;
        }
        stage.whenComplete((loaded, failure) -> {
            if (result.isCancelled()) {
                return;
            }
            if (failure == null) {
                engine.loaded(seat, loaded).whenComplete(result::end);
            } else {
                engine.failed(seat, ClientStore.cause(failure)).whenComplete(result::end);
            }
        });
    }

    /** As {@link LoadingCache#getAll}. */
    public CompletableFuture<Map<K, V>> getAll(
            Collection<? extends K> keys,
            Function<? super Set<K>, ? extends CompletionStage<? extends Map<K, V>>> loader) {
        BatchFuture<K, V> result = new BatchFuture<>();
        engine.batch(keys, WaitGraph.current()).whenComplete((batch, failure) -> {
            if (failure != null) {
                result.completeExceptionally(ClientStore.cause(failure));
                return;
            }
            Batch<K, V> behind = batch.behind();
            if (!behind.isEmpty()) {
                String first = behind.firstKey();
                BatchFuture<K, V> later = new BatchFuture<>();
                later.whenComplete((values, failed) -> {
                    if (failed != null) {
                        engine.failedBehind(first, ClientStore.cause(failed));
                    }
                });
                driveAll(behind, loader, later);
            }
            if (result.drives(batch)) {
                driveAll(batch, loader, result);
            } else {
                batch.leave();
            }
        });
        return result;
    }

    private void driveAll(
            Batch<K, V> batch,
            Function<? super Set<K>, ? extends CompletionStage<? extends Map<K, V>>> loader,
            BatchFuture<K, V> result) {
        try {
            Map<K, Seat<V>> won = batch.turns();
            CompletableFuture<?> step;
            if (!won.isEmpty()) {
                step = loadAll(batch, won, loader);
            } else if (batch.isDone()) {
                result.complete(batch.values());
                return;
            } else {
                step = batch.next();
            }
            step.whenCompleteAsync(
                    (done, failure) -> {
                        if (failure != null) {
                            result.fail(batch, ClientStore.cause(failure));
                        } else if (!batch.hasLeft()) {
                            driveAll(batch, loader, result);
                        }
                    },
                    engine.executor());
        } catch (RuntimeException | Error e) {
            result.fail(batch, e);
        }
    }

    private CompletableFuture<?> loadAll(
            Batch<K, V> batch,
            Map<K, Seat<V>> won,
            Function<? super Set<K>, ? extends CompletionStage<? extends Map<K, V>>> loader) {
        List<Flight<?>> before = WaitGraph.enter(Batch.flights(won));
        CompletionStage<? extends Map<K, V>> stage;
        try {
            stage = loader.apply(Collections.unmodifiableSet(won.keySet()));
        } catch (Throwable e) {
            return batch.failed(won, e);
        } finally {
            WaitGraph.enter(before);
        }
        if (stage == null) {
            return batch.failed(won, new LoadFailedException("the loader gave null in place of a stage"));
        }
        CompletableFuture<Object> end = new CompletableFuture<>();
        stage.whenComplete((loaded, failure) -> {
            CompletableFuture<?> stored = batch.hasLeft()
                    ? CompletableFuture.completedFuture(null)
                    : failure == null ? batch.loaded(won, loaded) : batch.failed(won, ClientStore.cause(failure));
            stored.whenComplete((done, failed) -> {
                if (failed == null) {
                    end.complete(won);
                } else {
                    end.completeExceptionally(ClientStore.cause(failed));
                }
            });
        });
        return end;
    }

    /** The future of one caller for several keys. */
    private static final class BatchFuture<K, V> extends CompletableFuture<Map<K, V>> {
        private @Nullable Batch<K, V> batch;

        /** False when it was cancelled before. */
        synchronized boolean drives(Batch<K, V> begun) {
            batch = begun;
            return !isCancelled();
        }

        void fail(Batch<K, V> begun, Throwable failure) {
            begun.leave();
            completeExceptionally(failure);
        }

        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            boolean isCancelled = super.cancel(mayInterruptIfRunning);
            Batch<K, V> left;
            synchronized (this) {
                left = batch;
            }
            if (isCancelled && left != null) {
                left.leave();
            }
            return isCancelled;
        }
    }

    /** The future of one caller. */
    private final class CallerFuture extends CompletableFuture<@Nullable V> {
        private @Nullable Seat<V> seat;

        /** False when it was cancelled before. */
        synchronized boolean sitsOn(Seat<V> taken) {
            seat = taken;
            return !isCancelled();
        }

        void end(@Nullable V value, @Nullable Throwable failure) {
            if (failure == null) {
                complete(value);
            } else {
                completeExceptionally(ClientStore.cause(failure));
            }
        }

        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            boolean isCancelled = super.cancel(mayInterruptIfRunning);
            Seat<V> left;
            synchronized (this) {
                left = seat;
            }
            if (isCancelled && left != null) {
                engine.leave(left);
            }
            return isCancelled;
        }
    }

    /** As {@link LoadingCache#put}. */
    public CompletableFuture<@Nullable Void> put(K key, @Nullable V value) {
        return engine.put(key, value);
    }

    /** As {@link LoadingCache#putIfAbsent}. */
    public CompletableFuture<@Nullable Cached<V>> putIfAbsent(K key, @Nullable V value) {
        return engine.putIfAbsent(key, value);
    }

    /** As {@link LoadingCache#getIfPresent}. */
    public CompletableFuture<@Nullable Cached<V>> getIfPresent(K key) {
        return engine.getIfPresent(key);
    }

    /** As {@link LoadingCache#invalidate}. */
    public CompletableFuture<Boolean> invalidate(K key) {
        return engine.invalidate(key);
    }

    /** As {@link LoadingCache#invalidateAll}. */
    public CompletableFuture<@Nullable Void> invalidateAll() {
        return engine.invalidateAll();
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
