package io.cachewire;

import org.jspecify.annotations.Nullable;

/** The client was closed before or during the call. */
public final class ClientClosedException extends MemcachedException {
    /** Made by the client. */
    public ClientClosedException(Delivery delivery, @Nullable ServerAddress server, @Nullable CharSequence key) {
        super("the client is closed", delivery, server, key, null);
    }
}
