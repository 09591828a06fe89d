package io.cachewire;

import org.jspecify.annotations.Nullable;

/**
 * The call's total time was over before the reply was complete. {@link #delivery()} is {@code NOT_SENT} when the request was still
 * waiting to be written, and was then withdrawn.
 */
public final class RequestTimeoutException extends MemcachedException {
    /** Made by the client; {@code what} tells the phase and the time allowed. */
    public RequestTimeoutException(
            String what, Delivery delivery, @Nullable ServerAddress server, @Nullable CharSequence key) {
        super(what, delivery, server, key, null);
    }
}
