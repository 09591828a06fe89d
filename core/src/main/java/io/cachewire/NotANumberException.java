package io.cachewire;

import org.jspecify.annotations.Nullable;

/** An increment or decrement of an item whose value is not a decimal number of at most 64 bits. */
public final class NotANumberException extends MemcachedException {
    /** Made by the arithmetic operations. */
    public NotANumberException(@Nullable ServerAddress server, @Nullable CharSequence key) {
        super("the value is not a number to count with", Delivery.ANSWERED, server, key, null);
    }
}
