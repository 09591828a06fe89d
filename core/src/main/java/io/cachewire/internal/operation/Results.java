package io.cachewire.internal.operation;

import io.cachewire.ClientClosedException;
import io.cachewire.MemcachedException;
import io.cachewire.MultiResults;
import io.cachewire.PartialResultException;
import io.cachewire.SerdeException;
import io.cachewire.ServerAddress;
import io.cachewire.ServerState;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** From per-key results to the short answers of {@code getAll}, {@code deleteAll} and the server commands. */
public final class Results {
    private Results() {}

    public static <K, V> Map<K, V> hits(MultiResults.Got<K, V> results) {
        requireNoFailures(results);
        return results.hits();
    }

    /** The keys that were not stored, or may not have been. A value that cannot be encoded is the caller's error, as with {@code set}. */
    public static <K> Set<K> notStored(MultiResults.Stored<K> results) {
        requireOpen(results);
        for (MemcachedException failure : results.failed().values()) {
            if (failure instanceof SerdeException) {
                throw failure;
            }
        }
        return results.failed().keySet();
    }

    /**
     * The keys that were deleted.
     *
     * @param ignores which failures leave their key out
     */
    public static <K> Set<K> deleted(MultiResults.Deleted<K> results, Predicate<MemcachedException> ignores) {
        requireOpen(results);
        if (!results.failed().values().stream().allMatch(ignores)) {
            throw new PartialResultException(results);
        }
        return results.deleted();
    }

    /** The servers that answered. */
    public static Set<ServerAddress> answered(MultiResults.PerServer<?> results) {
        return whole(results).answers().keySet();
    }

    /** A client as text. */
    public static String face(String name, List<ServerState> servers) {
        return name + servers.stream().map(ServerState::address).toList();
    }

    public static <V> MultiResults.PerServer<V> whole(MultiResults.PerServer<V> results) {
        requireOpen(results);
        return results;
    }

    public static <V> Map<ServerAddress, V> answers(MultiResults.PerServer<V> results) {
        requireNoFailures(results);
        return results.answers();
    }

    public static @Nullable Void done(MultiResults.PerServer<?> results) {
        requireNoFailures(results);
        return null;
    }

    private static void requireNoFailures(MultiResults<?> results) {
        requireOpen(results);
        if (!results.noFailures()) {
            throw new PartialResultException(results);
        }
    }

    /** The client was closed: that is the whole story, whatever part of the call had ended before. */
    private static void requireOpen(MultiResults<?> results) {
        for (MemcachedException failure : results.failed().values()) {
            if (failure instanceof ClientClosedException) {
                throw failure;
            }
        }
    }
}
