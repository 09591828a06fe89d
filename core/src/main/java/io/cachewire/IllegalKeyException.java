package io.cachewire;

import org.jspecify.annotations.Nullable;

/**
 * A key that cannot be sent. It is refused before anything is written, because memcached would take the rest of an over-long key,
 * or what follows a blank or NUL in one, for commands.
 */
public final class IllegalKeyException extends MemcachedException {
    /** What is wrong with the key. */
    public enum Reason {
        /** The key has no characters. */
        EMPTY,
        /** The key is longer than 250 bytes, prefix and encoding included. */
        TOO_LONG,
        /** The key has a blank, a control character, or a character outside ASCII while the key encoding is ASCII. */
        ILLEGAL_CHARACTER,
        /** The key has a surrogate without its partner and so no UTF-8 form. */
        NOT_ENCODABLE
    }

    private final Reason reason;

    /** Made by the key rules; {@code detail} completes "illegal key: ". */
    public IllegalKeyException(Reason reason, String detail, @Nullable CharSequence key) {
        super("illegal key: " + detail, Delivery.NOT_SENT, null, key, null);
        this.reason = reason;
    }

    /** What is wrong with the key. */
    public Reason reason() {
        return reason;
    }
}
