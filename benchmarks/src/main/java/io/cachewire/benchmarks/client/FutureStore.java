package io.cachewire.benchmarks.client;

import io.cachewire.benchmarks.load.Batch;
import io.cachewire.benchmarks.load.Item;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A client whose calls return futures. What the futures of the other calls hold is the client's own business, so that no stage is added to
 * look the same; {@link #isStored} and {@link #asMap} read it.
 */
interface FutureStore extends AutoCloseable {
    /** Bytes, or null on a miss. */
    CompletionStage<byte @Nullable []> get(String key);

    /** Something for {@link #isStored}. */
    CompletionStage<? extends @Nullable Object> set(Item item);

    /** Something for {@link #asMap}. */
    CompletionStage<? extends @Nullable Object> getAll(List<String> keys);

    /** Something for {@link #isStored}. */
    CompletionStage<? extends @Nullable Object> setAll(Batch batch);

    /** Whether the outcome of a write means that everything was stored. */
    boolean isStored(@Nullable Object outcome);

    /** The outcome of a read of many keys. */
    Map<String, byte[]> asMap(List<String> keys, @Nullable Object outcome);

    @Override
    void close();
}
