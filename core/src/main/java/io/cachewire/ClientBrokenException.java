package io.cachewire;

import org.jspecify.annotations.Nullable;

/**
 * The client met a class path that it cannot work with: a library is missing, or is older than the client needs. The message names
 * the library where that can be found out, the cause is the {@link LinkageError}. It stays so: every later call of the client fails at
 * once in the same way, and repeating a call does not help.
 */
public final class ClientBrokenException extends MemcachedException {
    /** Made by the client; {@code what} says what is wrong with the class path. */
    public ClientBrokenException(
            String what,
            Delivery delivery,
            @Nullable ServerAddress server,
            @Nullable CharSequence key,
            @Nullable Throwable cause) {
        super(what, delivery, server, key, cause);
    }
}
