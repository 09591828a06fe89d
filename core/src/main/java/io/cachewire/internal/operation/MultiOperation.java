package io.cachewire.internal.operation;

import io.cachewire.MemcachedException;
import io.cachewire.MultiResults;
import io.cachewire.SerdeException;
import io.cachewire.ServerAddress;
import io.cachewire.ValueTooLargeException;
import io.cachewire.internal.call.Call;
import io.cachewire.internal.call.Outcomes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The calls over many keys or all servers: one operation each, submitted together, their outcomes sorted into buckets. An illegal key
 * refuses the whole call before anything is sent; a value that cannot be encoded fails alone.
 */
public final class MultiOperation {
    private MultiOperation() {}

    /** Reads: {@code getAll}, {@code getsAll}; {@code operation} makes the read of one key. */
    public static <K, V> Call<MultiResults.Got<K, V>> get(
            Engine engine, Collection<? extends K> keys, Function<? super K, Operation<@Nullable V>> operation) {
        // one map from the keys to the hits: it leaves out repeated keys now, and later what was not found
        Map<K, @Nullable V> hits = new LinkedHashMap<>(keys.size() * 4 / 3 + 1);
        keys.forEach(key -> hits.put(key, null));
        List<Operation<@Nullable V>> operations = new ArrayList<>(hits.size());
        hits.keySet().forEach(key -> operations.add(operation.apply(key)));
        return engine.submitAll(operations, outcomes -> {
            Set<K> missing = Collections.emptySet();
            Map<K, MemcachedException> failed = Collections.emptyMap();
            int index = 0;
            for (Iterator<Map.Entry<K, @Nullable V>> left = hits.entrySet().iterator(); left.hasNext(); index++) {
                Map.Entry<K, @Nullable V> entry = left.next();
                try {
                    V value = outcomes.result(index);
                    if (value != null) {
                        entry.setValue(value);
                        continue;
                    }
                    missing = missing.isEmpty() ? new LinkedHashSet<>() : missing;
                    missing.add(entry.getKey());
                } catch (MemcachedException e) {
                    failed = failed.isEmpty() ? new LinkedHashMap<>() : failed;
                    failed.put(entry.getKey(), e);
                }
                left.remove();
            }
            return new MultiResults.Got<>(
                    Collections.unmodifiableMap(hits),
                    Collections.unmodifiableSet(missing),
                    Collections.unmodifiableMap(failed));
        });
    }

    /** Writes: {@code setAll}. */
    public static <K, V> Call<MultiResults.Stored<K>> set(
            Engine engine, Map<? extends K, ? extends V> values, Writer<? super K, ? super V> operation) {
        Parts<K, @Nullable Void> parts = new Parts<>(values.size());
        values.forEach((key, value) -> {
            try {
                parts.add(key, operation.of(key, value));
            } catch (SerdeException | ValueTooLargeException e) {
                parts.fail(key, e);
            }
        });
        return engine.submitAll(parts.operations, outcomes -> {
            Set<K> stored = new LinkedHashSet<>();
            Map<K, MemcachedException> failed = parts.collect(outcomes, (key, nothing) -> stored.add(key));
            return new MultiResults.Stored<>(Collections.unmodifiableSet(stored), failed);
        });
    }

    /** Deletes: {@code deleteAll}. */
    public static <K> Call<MultiResults.Deleted<K>> delete(
            Engine engine, Collection<? extends K> keys, Function<? super K, Operation<Boolean>> operation) {
        Parts<K, Boolean> parts = new Parts<>(keys.size());
        new LinkedHashSet<K>(keys).forEach(key -> parts.add(key, operation.apply(key)));
        return engine.submitAll(parts.operations, outcomes -> {
            Set<K> deleted = new LinkedHashSet<>();
            Set<K> missing = new LinkedHashSet<>();
            Map<K, MemcachedException> failed =
                    parts.collect(outcomes, (key, existed) -> (existed ? deleted : missing).add(key));
            return new MultiResults.Deleted<>(
                    Collections.unmodifiableSet(deleted), Collections.unmodifiableSet(missing), failed);
        });
    }

    /** Server commands: the same operation on every server. */
    public static <V> Call<MultiResults.PerServer<V>> onEachServer(Engine engine, Operation<V> operation) {
        return perServer(engine.submitToEach(operation));
    }

    /** Calls to some servers as one. */
    public static <V> Call<MultiResults.PerServer<V>> perServer(Map<ServerAddress, Call<V>> calls) {
        List<ServerAddress> servers = List.copyOf(calls.keySet());
        return new BatchCall<>(List.copyOf(calls.values()), outcomes -> {
            Map<ServerAddress, V> answers = new LinkedHashMap<>();
            Map<ServerAddress, MemcachedException> failed = new LinkedHashMap<>();
            collect(servers, outcomes, answers::put, failed);
            return new MultiResults.PerServer<>(
                    Collections.unmodifiableMap(answers), Collections.unmodifiableMap(failed));
        });
    }

    /** Makes the write of one entry. */
    @FunctionalInterface
    public interface Writer<K, V> {
        /** The operation that stores the value under the key. */
        Operation<@Nullable Void> of(K key, V value);
    }

    private interface Success<K, P extends @Nullable Object> {
        void put(K key, P result);
    }

    private static <K, P extends @Nullable Object> void collect(
            List<K> keys,
            Outcomes<P> outcomes,
            Success<? super K, ? super P> success,
            Map<K, MemcachedException> failed) {
        for (int i = 0; i < keys.size(); i++) {
            try {
                success.put(keys.get(i), outcomes.result(i));
            } catch (MemcachedException e) {
                failed.put(keys.get(i), e);
            }
        }
    }

    /** The keys of one call with their operations. */
    private static final class Parts<K, P extends @Nullable Object> {
        private final List<K> keys;
        private final List<Operation<P>> operations;
        private final Map<K, MemcachedException> refused = new LinkedHashMap<>();

        Parts(int size) {
            keys = new ArrayList<>(size);
            operations = new ArrayList<>(size);
        }

        void add(K key, Operation<P> operation) {
            keys.add(key);
            operations.add(operation);
        }

        void fail(K key, MemcachedException with) {
            refused.put(key, with);
        }

        Map<K, MemcachedException> collect(Outcomes<P> outcomes, Success<? super K, ? super P> success) {
            Map<K, MemcachedException> failed = new LinkedHashMap<>(refused);
            MultiOperation.collect(keys, outcomes, success, failed);
            return Collections.unmodifiableMap(failed);
        }
    }
}
