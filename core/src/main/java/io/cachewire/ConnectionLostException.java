package io.cachewire;

import org.jspecify.annotations.Nullable;

/**
 * There was no connection, or it broke before the reply. {@link #delivery()} tells the two apart: {@code NOT_SENT} when the
 * connection could not be made or broke before this request, {@code INDETERMINATE} when it broke after the request was written.
 */
public final class ConnectionLostException extends MemcachedException {
    /** Made by the client; {@code what} names the fault, the cause tells more. */
    public ConnectionLostException(
            String what,
            Delivery delivery,
            @Nullable ServerAddress server,
            @Nullable CharSequence key,
            @Nullable Throwable cause) {
        super(what, delivery, server, key, cause);
    }
}
