package io.cachewire;

import java.util.Map;
import java.util.Set;

/**
 * What became of each key of a multi-key call. Every key of the call is in exactly one bucket, as the caller's own object; a key
 * given twice counts once. Maps and sets keep the order of the call and cannot be changed.
 *
 * @param <K> type of the caller's keys: {@link String}, {@link Key}, or what a key function was given for
 */
public sealed interface MultiResults<K> {
    /** Keys whose request failed, each with its error. */
    Map<K, MemcachedException> failed();

    /** Number of keys over all buckets. */
    int size();

    /** True when no request failed; a miss is no failure. */
    default boolean noFailures() {
        return failed().isEmpty();
    }

    /**
     * Result of {@code getAllResults}.
     *
     * @param hits keys that were there, with their values
     * @param missing keys that were not there
     * @param failed keys whose request failed
     * @param <K> type of the caller's keys
     * @param <V> type of the values
     */
    record Got<K, V>(Map<K, V> hits, Set<K> missing, Map<K, MemcachedException> failed) implements MultiResults<K> {
        @Override
        public int size() {
            return hits.size() + missing.size() + failed.size();
        }
    }

    /**
     * Result of {@code setAllResults}.
     *
     * @param stored keys that were stored
     * @param failed keys that were not, or may not have been
     * @param <K> type of the caller's keys
     */
    record Stored<K>(Set<K> stored, Map<K, MemcachedException> failed) implements MultiResults<K> {
        @Override
        public int size() {
            return stored.size() + failed.size();
        }
    }

    /**
     * Result of {@code deleteAllResults}.
     *
     * @param deleted keys that were there and are gone
     * @param missing keys that were not there
     * @param failed keys whose request failed
     * @param <K> type of the caller's keys
     */
    record Deleted<K>(Set<K> deleted, Set<K> missing, Map<K, MemcachedException> failed) implements MultiResults<K> {
        /** True when every key was there and is gone. */
        public boolean allDeleted() {
            return missing.isEmpty() && failed.isEmpty();
        }

        @Override
        public int size() {
            return deleted.size() + missing.size() + failed.size();
        }
    }

    /**
     * Result of a command sent to every server.
     *
     * @param answers what each server answered
     * @param failed servers whose request failed
     * @param <V> type of an answer
     */
    record PerServer<V>(Map<ServerAddress, V> answers, Map<ServerAddress, MemcachedException> failed)
            implements MultiResults<ServerAddress> {
        @Override
        public int size() {
            return answers.size() + failed.size();
        }
    }
}
