package io.cachewire.benchmarks.client;

import io.cachewire.BlockingMemcachedClient;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Our client's blocking face. */
final class CachewireBlocking implements BlockingStore {
    private final BlockingMemcachedClient client;

    CachewireBlocking(BlockingMemcachedClient client) {
        this.client = client;
    }

    @Override
    public byte @Nullable [] get(String key) {
        return client.get(key, byte[].class);
    }

    @Override
    public boolean set(String key, byte[] value) {
        client.set(key, value);
        return true;
    }

    @Override
    public Map<String, byte[]> getAll(List<String> keys) {
        return client.getAll(keys, byte[].class);
    }

    @Override
    public boolean setAll(Map<String, byte[]> entries) {
        return client.setAll(entries).isEmpty();
    }

    @Override
    public void close() {
        client.close();
    }
}
