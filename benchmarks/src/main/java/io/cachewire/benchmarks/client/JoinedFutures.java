package io.cachewire.benchmarks.client;

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
    public boolean set(String key, byte[] value) throws Exception {
        return store.isStored(store.set(key, value).toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS));
    }

    @Override
    public Map<String, byte[]> getAll(List<String> keys) throws Exception {
        return store.asMap(keys, store.getAll(keys).toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS));
    }

    @Override
    public boolean setAll(Map<String, byte[]> entries) throws Exception {
        return store.isStored(store.setAll(entries).toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS));
    }

    @Override
    public void close() {
        store.close();
    }
}
