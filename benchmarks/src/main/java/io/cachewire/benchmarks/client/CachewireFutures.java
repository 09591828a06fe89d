package io.cachewire.benchmarks.client;

import io.cachewire.AsyncMemcachedClient;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Our client's async face. */
final class CachewireFutures implements FutureStore {
    private final AsyncMemcachedClient client;

    CachewireFutures(AsyncMemcachedClient client) {
        this.client = client;
    }

    @Override
    public CompletionStage<byte @Nullable []> get(String key) {
        return client.get(key, byte[].class);
    }

    @Override
    public CompletionStage<? extends @Nullable Object> set(String key, byte[] value) {
        return client.set(key, value);
    }

    @Override
    public CompletionStage<? extends @Nullable Object> getAll(List<String> keys) {
        return client.getAll(keys, byte[].class);
    }

    @Override
    public CompletionStage<? extends @Nullable Object> setAll(Map<String, byte[]> entries) {
        return client.setAll(entries);
    }

    /** Null for a single write, which fails otherwise; the keys that were not stored for many. */
    @Override
    public boolean isStored(@Nullable Object outcome) {
        return outcome == null || ((Set<?>) outcome).isEmpty();
    }

    @Override
    @SuppressWarnings("unchecked")
    public Map<String, byte[]> asMap(List<String> keys, @Nullable Object outcome) {
        return outcome == null ? Map.of() : (Map<String, byte[]>) outcome;
    }

    @Override
    public void close() {
        client.close();
    }
}
