package io.cachewire.loading;

import io.cachewire.AsyncMemcachedClient;
import io.cachewire.BlockingMemcachedClient;
import io.cachewire.ValueType;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** The views behind {@code getOrPut}: one for each client and type, so that the callers of one key share a flight. */
final class ShortForms {
    private static final Map<Object, Map<ValueType<?>, LoadingEngine<String, ?>>> ENGINES = new WeakHashMap<>();

    private ShortForms() {}

    static <V> LoadingCache<String, V> of(BlockingMemcachedClient client, ValueType<V> type) {
        return new LoadingCache<>(engine(client, client::async, type));
    }

    static <V> AsyncLoadingCache<String, V> of(AsyncMemcachedClient client, ValueType<V> type) {
        // not the client itself: what it is the key of must not hold it
        return new AsyncLoadingCache<>(engine(client, client.blocking()::async, type));
    }

    static <V> LoadingEngine<String, V> engine(Object client, Supplier<AsyncMemcachedClient> face, ValueType<V> type) {
        Map<ValueType<?>, LoadingEngine<String, ?>> ofClient;
        synchronized (ENGINES) {
            ofClient = ENGINES.computeIfAbsent(client, any -> new ConcurrentHashMap<>());
        }
        @SuppressWarnings("unchecked") // what is put for a type is of the type
        LoadingEngine<String, V> engine =
                (LoadingEngine<String, V>) ofClient.computeIfAbsent(type, any -> made(face.get(), type));
        return engine;
    }

    private static <V> LoadingEngine<String, V> made(AsyncMemcachedClient client, ValueType<V> type) {
        return new LoadingBuilder<String, V, LoadingEngine<String, V>>(client, "", type, engine -> engine).build();
    }
}
