package io.cachewire.benchmarks.client;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A client whose calls wait. */
interface BlockingStore extends AutoCloseable {
    byte @Nullable [] get(String key) throws Exception;

    /** Whether it was stored. */
    boolean set(String key, byte[] value) throws Exception;

    Map<String, byte[]> getAll(List<String> keys) throws Exception;

    /** Whether all were stored. */
    boolean setAll(Map<String, byte[]> entries) throws Exception;

    @Override
    void close();
}
