package io.cachewire.benchmarks.client;

import com.spotify.folsom.ConnectFuture;
import com.spotify.folsom.MemcacheClient;
import com.spotify.folsom.MemcacheClientBuilder;
import com.spotify.folsom.MemcacheStatus;
import io.cachewire.ServerAddress;
import io.cachewire.benchmarks.load.Batch;
import io.cachewire.benchmarks.load.Item;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Folsom as it is: futures. It has no write of many keys, so that many writes are joined. */
final class FolsomFutures implements FutureStore {
    /** Above 256 callers with a hundred keys each; its default is 1 000. */
    private static final int MAX_OUTSTANDING = 1 << 16;

    private static final int MAX_SET_BYTES = 1 << 20;

    private final MemcacheClient<byte[]> client;

    private FolsomFutures(MemcacheClient<byte[]> client) {
        this.client = client;
    }

    /**
     * Connects.
     *
     * @param replies where futures are completed; null for the default, the common pool
     */
    static FolsomFutures connect(List<ServerAddress> servers, boolean binary, @Nullable Executor replies) {
        MemcacheClientBuilder<byte[]> builder = MemcacheClientBuilder.newByteArrayClient()
                .withMaxOutstandingRequests(MAX_OUTSTANDING)
                .withMaxSetLength(MAX_SET_BYTES);
        servers.forEach(server -> builder.withAddress(server.host(), server.port()));
        if (replies != null) {
            builder.withReplyExecutor(replies);
        }
        MemcacheClient<byte[]> client = binary ? builder.connectBinary() : builder.connectAscii();
        ConnectFuture.fullyConnectedFuture(client)
                .toCompletableFuture()
                .orTimeout(5, TimeUnit.SECONDS)
                .join();
        return new FolsomFutures(client);
    }

    @Override
    public CompletionStage<byte @Nullable []> get(String key) {
        return client.get(key);
    }

    @Override
    public CompletionStage<? extends @Nullable Object> set(Item item) {
        return client.set(item.key(), item.value(), 0);
    }

    @Override
    public CompletionStage<? extends @Nullable Object> getAll(List<String> keys) {
        return client.get(keys);
    }

    @Override
    public CompletionStage<? extends @Nullable Object> setAll(Batch batch) {
        List<CompletableFuture<MemcacheStatus>> writes =
                new ArrayList<>(batch.values().size());
        batch.values()
                .forEach((key, value) -> writes.add(client.set(key, value, 0).toCompletableFuture()));
        return CompletableFuture.allOf(writes.toArray(CompletableFuture<?>[]::new))
                .thenApply(done -> writes.stream().allMatch(write -> write.join() == MemcacheStatus.OK)
                        ? MemcacheStatus.OK
                        : MemcacheStatus.ITEM_NOT_STORED);
    }

    @Override
    public boolean isStored(@Nullable Object outcome) {
        return outcome == MemcacheStatus.OK;
    }

    @Override
    public Map<String, byte[]> asMap(List<String> keys, @Nullable Object outcome) {
        Map<String, byte[]> map = new LinkedHashMap<>();
        List<?> values = outcome == null ? List.of() : (List<?>) outcome;
        for (int i = 0; i < values.size(); i++) {
            if (values.get(i) instanceof byte[] value) {
                map.put(keys.get(i), value);
            }
        }
        return map;
    }

    @Override
    public void close() {
        client.shutdown();
    }
}
