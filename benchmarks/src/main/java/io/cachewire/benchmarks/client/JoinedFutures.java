package io.cachewire.benchmarks.client;

import io.cachewire.benchmarks.load.Batch;
import io.cachewire.benchmarks.load.Item;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A client of futures whose callers wait with {@code get}. */
record JoinedFutures(FutureStore store) implements BlockingStore {
    private static final int PATIENCE_SECONDS = 5;

    @Override
    public byte @Nullable [] get(String key) throws Exception {
        return store.get(key).toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public boolean set(Item item) throws Exception {
        return store.isStored(store.set(item).toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS));
    }

    @Override
    public Map<String, byte[]> getAll(List<String> keys) throws Exception {
        return store.asMap(keys, store.getAll(keys).toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS));
    }

    @Override
    public boolean setAll(Batch batch) throws Exception {
        return store.isStored(store.setAll(batch).toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS));
    }

    @Override
    public void close() {
        store.close();
    }
}
