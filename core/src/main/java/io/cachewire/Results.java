package io.cachewire;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** From per-key results to the short answers of {@code getAll}, {@code deleteAll} and the server commands. */
final class Results {
    private Results() {}

    static <K, V> Map<K, V> hits(MultiResults.Got<K, V> results) {
        requireNoFailures(results);
        return results.hits();
    }

    /** The keys that were not stored, or may not have been. A value that cannot be encoded is the caller's error, as with {@code set}. */
    static <K> Set<K> notStored(MultiResults.Stored<K> results) {
        for (MemcachedException failure : results.failed().values()) {
            if (failure instanceof SerdeException) {
                throw failure;
            }
        }
        return results.failed().keySet();
    }

    static <K> Set<K> deleted(MultiResults.Deleted<K> results) {
        requireNoFailures(results);
        return results.deleted();
    }

    static <V> Map<ServerAddress, V> answers(MultiResults.PerServer<V> results) {
        requireNoFailures(results);
        return results.answers();
    }

    static @Nullable Void done(MultiResults.PerServer<?> results) {
        requireNoFailures(results);
        return null;
    }

    private static void requireNoFailures(MultiResults<?> results) {
        if (!results.noFailures()) {
            throw new PartialResultException(results);
        }
    }
}
