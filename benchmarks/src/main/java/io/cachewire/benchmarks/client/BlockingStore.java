package io.cachewire.benchmarks.client;

import io.cachewire.benchmarks.load.Batch;
import io.cachewire.benchmarks.load.Item;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A client whose calls wait. */
interface BlockingStore extends AutoCloseable {
    byte @Nullable [] get(String key) throws Exception;

    /** Whether it was stored. */
    boolean set(Item item) throws Exception;

    Map<String, byte[]> getAll(List<String> keys) throws Exception;

    /** Whether all were stored. */
    boolean setAll(Batch batch) throws Exception;

    @Override
    void close();
}
