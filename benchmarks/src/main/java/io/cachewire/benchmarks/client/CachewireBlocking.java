package io.cachewire.benchmarks.client;

import io.cachewire.BlockingMemcachedClient;
import io.cachewire.benchmarks.load.Batch;
import io.cachewire.benchmarks.load.Item;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Our client's blocking face. Values are blocks, which are not copied: as with the peers, they must not change during the call. */
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
    public boolean set(Item item) {
        client.set(item.key(), item.block());
        return true;
    }

    @Override
    public Map<String, byte[]> getAll(List<String> keys) {
        return client.getAll(keys, byte[].class);
    }

    @Override
    public boolean setAll(Batch batch) {
        return client.setAll(batch.blocks()).isEmpty();
    }

    @Override
    public void close() {
        client.close();
    }
}
