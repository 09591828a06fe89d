package io.cachewire.loading;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * One call for several keys: what was found, the seats it waits in, and the loads it has won. The faces load all keys that are won with one call of
 * the loader and store them before they wait for anybody else, so calls whose keys overlap cannot wait for each other. Used by one caller, step
 * by step; only {@link #leave} may come from another thread at any moment.
 */
final class Batch<K, V> {
    private static final int SHOWN_KEYS = 5;

    private final LoadingEngine<K, V> engine;
    private final Set<K> keys;
    private final Map<K, V> values = new ConcurrentHashMap<>();
    private final Map<K, Seat<V>> waiting = new ConcurrentHashMap<>();
    private final Map<K, Seat<V>> loading = new ConcurrentHashMap<>();
    private final Map<K, Seat<V>> behind = new LinkedHashMap<>();
    private @Nullable Throwable failure;
    private volatile boolean hasLeft;

    Batch(LoadingEngine<K, V> engine, Set<K> keys) {
        this.engine = engine;
        this.keys = keys;
    }

    /** Takes what a key's read has led to. */
    void add(K key, LoadingEngine.Start<V> start) {
        V value = start.value();
        Seat<V> seat = start.seat();
        if (seat != null && start.isBehind()) {
            behind.put(key, seat);
        } else if (seat != null) {
            waiting.put(key, seat);
            return;
        }
        if (value != null) {
            values.put(key, value);
        }
    }

    /** The values that need nothing more, and are to be loaded where no caller waits. Once. */
    Batch<K, V> behind() {
        Batch<K, V> later = new Batch<>(engine, Set.copyOf(behind.keySet()));
        later.waiting.putAll(behind);
        behind.clear();
        return later;
    }

    boolean isEmpty() {
        return keys.isEmpty();
    }

    String firstKey() {
        return waiting.values().iterator().next().key();
    }

    /**
     * The keys that this caller is to load now, before anything else: others may wait for them. Takes what the others have come to.
     */
    Map<K, Seat<V>> turns() {
        Map<K, Seat<V>> won = new LinkedHashMap<>();
        Set<K> told = new LinkedHashSet<>();
        for (Map.Entry<K, Seat<V>> entry : waiting.entrySet()) {
            Seat<V> seat = entry.getValue();
            if (!seat.turn.isDone()) {
                continue;
            }
            Turn<V> turn = seat.turn.join();
            if (turn instanceof Turn.Load<V>) {
                won.put(entry.getKey(), seat);
                loading.put(entry.getKey(), seat);
            } else if (turn instanceof Turn.Done<V> done) {
                take(entry.getKey(), done.value());
            } else if (turn instanceof Turn.Failed<V> failed) {
                failure = failed.failure();
            }
            told.add(entry.getKey());
        }
        waiting.keySet().removeAll(told);
        return won;
    }

    private void take(K key, @Nullable V value) {
        if (value != null) {
            values.put(key, value);
        }
    }

    /**
     * Whether there is nothing left to wait for.
     *
     * @throws RuntimeException the failure of a load that this caller has waited for
     */
    boolean isDone() {
        if (failure != null) {
            throw LoadingEngine.unchecked(failure);
        }
        return waiting.isEmpty();
    }

    /** Done when one of the seats was told something. */
    CompletableFuture<?> next() {
        return CompletableFuture.anyOf(
                waiting.values().stream().map(seat -> seat.turn).toArray(CompletableFuture<?>[]::new));
    }

    /** The flights that a load is for. */
    static List<Flight<?>> flights(Map<?, ? extends Seat<?>> won) {
        List<Flight<?>> flights = new ArrayList<>();
        won.values().forEach(seat -> flights.addAll(seat.flights()));
        return flights;
    }

    /** Stores what was loaded; keys that were left out are absent. */
    CompletableFuture<?> loaded(Map<K, Seat<V>> won, @Nullable Map<? extends K, ? extends V> loaded) {
        if (loaded == null) {
            return failed(won, new LoadFailedException("the loader gave null in place of a map"));
        }
        List<Object> others = new ArrayList<>(loaded.keySet());
        others.removeIf(key -> key != null && won.containsKey(key));
        if (!others.isEmpty()) {
            return failed(
                    won,
                    new LoadFailedException("the loader gave keys that were not asked for: "
                            + others.subList(0, Math.min(SHOWN_KEYS, others.size()))));
        }
        List<CompletableFuture<?>> stored = new ArrayList<>();
        won.forEach((key, seat) -> {
            V value = loaded.get(key);
            stored.add(engine.loaded(seat, Loaded.of(value)).thenAccept(result -> take(key, result)));
        });
        return ended(won, stored);
    }

    /** The loader has failed: those that have an old value use it, and without one for each key the call fails. */
    CompletableFuture<?> failed(Map<K, Seat<V>> won, Throwable failure) {
        List<CompletableFuture<?>> ends = new ArrayList<>();
        won.forEach((key, seat) -> ends.add(engine.failed(seat, failure).thenAccept(old -> take(key, old))));
        return ended(won, ends);
    }

    private CompletableFuture<?> ended(Map<K, Seat<V>> won, List<CompletableFuture<?>> ends) {
        return CompletableFuture.allOf(ends.toArray(CompletableFuture<?>[]::new))
                .whenComplete((done, failure) -> loading.keySet().removeAll(won.keySet()));
    }

    /** The caller gives up. */
    void leave() {
        hasLeft = true;
        loading.values().forEach(engine::leave);
        waiting.values().forEach(engine::leave);
        behind.values().forEach(engine::leave);
    }

    /** Whether it has given up, and what its loader gives concerns nobody. */
    boolean hasLeft() {
        return hasLeft;
    }

    /** What there is, in the order of the keys. */
    Map<K, V> values() {
        Map<K, V> result = new LinkedHashMap<>();
        for (K key : keys) {
            V value = values.get(key);
            if (value != null) {
                result.put(key, value);
            }
        }
        return result;
    }

    static <K> Set<K> distinct(Collection<? extends K> keys) {
        Set<K> distinct = new LinkedHashSet<>();
        keys.forEach(key -> distinct.add(Objects.requireNonNull(key, "key")));
        return distinct;
    }
}
