package io.cachewire.benchmarks.client;

import io.cachewire.benchmarks.load.Batch;
import io.cachewire.benchmarks.load.Item;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A client in two configurations, because one is best for single keys and the other for many. */
record ByKind(FutureStore single, FutureStore many) implements FutureStore {
    @Override
    public CompletionStage<byte @Nullable []> get(String key) {
        return single.get(key);
    }

    @Override
    public CompletionStage<? extends @Nullable Object> set(Item item) {
        return single.set(item);
    }

    @Override
    public CompletionStage<? extends @Nullable Object> getAll(List<String> keys) {
        return many.getAll(keys);
    }

    @Override
    public CompletionStage<? extends @Nullable Object> setAll(Batch batch) {
        return many.setAll(batch);
    }

    @Override
    public boolean isStored(@Nullable Object outcome) {
        return single.isStored(outcome);
    }

    @Override
    public Map<String, byte[]> asMap(List<String> keys, @Nullable Object outcome) {
        return many.asMap(keys, outcome);
    }

    @Override
    public void close() {
        single.close();
        many.close();
    }
}
