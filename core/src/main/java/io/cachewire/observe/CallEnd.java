package io.cachewire.observe;

import io.cachewire.MemcachedException;
import io.cachewire.ServerAddress;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a call when it has ended. Made by the client: later versions may add components.
 *
 * @param outcome how it ended
 * @param error why it failed, the first reason of several; null unless the outcome is {@link Outcome#ERROR}. Its message has the key.
 * @param server where the last attempt went; null when that is not known, and for a call over several keys
 * @param attempts how often requests were handed to a connection because of this call: 1, and 1 more for each repetition
 * @param hits keys that were there
 * @param misses keys that were absent
 * @param valueBytesSent bytes of the values in the requests, encoded, once for each key
 * @param valueBytesReceived bytes of the values in the replies, encoded
 * @param elapsedNanos time from the start of the call to the taking of its result, decoding included
 */
public record CallEnd(
        Outcome outcome,
        @Nullable Throwable error,
        @Nullable ServerAddress server,
        int attempts,
        int hits,
        int misses,
        long valueBytesSent,
        long valueBytesReceived,
        long elapsedNanos) {
    /** What is known about the way of a failed call to the server; null when it did not fail, or not in the client. */
    public MemcachedException.@Nullable Delivery delivery() {
        return error instanceof MemcachedException known ? known.delivery() : null;
    }
}
