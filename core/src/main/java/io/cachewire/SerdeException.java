package io.cachewire;

import org.jspecify.annotations.Nullable;

/** A value that could not be encoded (nothing was sent) or decoded (the reply was read in full, the connection is fine). */
public final class SerdeException extends MemcachedException {
    /** What went wrong. */
    public enum Reason {
        /** No serde of this client takes values of this type. */
        UNSUPPORTED_TYPE,
        /** The serde failed while encoding. */
        ENCODE,
        /** No serde of this client recognises the item's flags. The bytes can still be read as a byte array. */
        UNKNOWN_FLAGS,
        /** The bytes are not what the flags say, or not of the type asked for. */
        DECODE,
        /** The value is beyond a limit: size after decompression, nesting depth, number of references. */
        LIMIT,
        /** The value names a class that the allow-list does not have. */
        FORBIDDEN_CLASS
    }

    private final Reason reason;

    /** Made by serdes; the client adds server and key where they are known. */
    public SerdeException(Reason reason, String what, @Nullable Throwable cause) {
        this(reason, what, Delivery.NOT_SENT, null, null, cause);
    }

    private SerdeException(
            Reason reason,
            String what,
            Delivery delivery,
            @Nullable ServerAddress server,
            @Nullable CharSequence key,
            @Nullable Throwable cause) {
        super(what, delivery, server, key, cause);
        this.reason = reason;
    }

    /** The same failure with the place where it happened. */
    public SerdeException at(Delivery where, @Nullable ServerAddress server, @Nullable CharSequence key) {
        return new SerdeException(reason, String.valueOf(getMessage()), where, server, key, getCause());
    }

    /** What went wrong. */
    public Reason reason() {
        return reason;
    }
}
