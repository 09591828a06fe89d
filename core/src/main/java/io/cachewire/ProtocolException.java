package io.cachewire;

import org.jspecify.annotations.Nullable;

/**
 * The server sent something that does not answer the request: the connection was closed, and no value was handed out. For the
 * request whose reply was malformed, and for all that were pending behind it, {@link #delivery()} is {@code INDETERMINATE}.
 */
public final class ProtocolException extends MemcachedException {
    /** Made by the parser or the connection; {@code what} shows the offending bytes escaped and cut. */
    public ProtocolException(
            String what, Delivery delivery, @Nullable ServerAddress server, @Nullable CharSequence key) {
        super("protocol error: " + what, delivery, server, key, null);
    }
}
