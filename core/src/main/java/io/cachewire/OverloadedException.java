package io.cachewire;

import org.jspecify.annotations.Nullable;

/**
 * The bound on pending requests, or on their bytes, was reached. Nothing was sent; the caller should shed load or slow down.
 */
public final class OverloadedException extends MemcachedException {
    /** Made by the connection; {@code what} names the bound. */
    public OverloadedException(String what, @Nullable ServerAddress server, @Nullable CharSequence key) {
        super("overloaded: " + what, Delivery.NOT_SENT, server, key, null);
    }
}
