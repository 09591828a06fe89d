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
