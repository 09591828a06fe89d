package io.cachewire.benchmarks.client;

import io.cachewire.AsyncMemcachedClient;
import io.cachewire.benchmarks.load.Batch;
import io.cachewire.benchmarks.load.Item;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Our client's async face. Values are blocks, which are not copied: as with the peers, they must not change during the call. */
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
    public CompletionStage<? extends @Nullable Object> set(Item item) {
        return client.set(item.key(), item.block());
    }

    @Override
    public CompletionStage<? extends @Nullable Object> getAll(List<String> keys) {
        return client.getAll(keys, byte[].class);
    }

    @Override
    public CompletionStage<? extends @Nullable Object> setAll(Batch batch) {
        return client.setAll(batch.blocks());
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
