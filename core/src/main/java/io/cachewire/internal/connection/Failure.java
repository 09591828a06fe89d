package io.cachewire.internal.connection;

import io.cachewire.AuthenticationException;
import io.cachewire.ClientBrokenException;
import io.cachewire.ClientClosedException;
import io.cachewire.ConnectionLostException;
import io.cachewire.MemcachedException;
import io.cachewire.MemcachedException.Delivery;
import io.cachewire.OverloadedException;
import io.cachewire.ProtocolException;
import io.cachewire.RequestTimeoutException;
import io.cachewire.ServerAddress;
import org.jspecify.annotations.Nullable;

/**
 * Why an exchange ended without a reply. The exception is made later, on the caller's thread, so that its stack trace is the caller's
 * and ten thousand pending requests of a dead server cost nothing here.
 *
 * <p>Decided in docs/decisions/0015-failures-are-made-by-the-caller.md.
 *
 * @param kind what happened
 * @param delivery whether the request may have taken effect
 * @param what the sentence for the message
 * @param cause the fault below, if any
 */
public record Failure(
        Kind kind, Delivery delivery, String what, @Nullable Throwable cause) {
    private static final long MILLI = 1_000_000;

    /** What happened. */
    public enum Kind {
        /** The deadline passed. */
        TIMEOUT,
        /** There is no connection and none could be made, or the server is in its back-off time. */
        UNREACHABLE,
        /** The connection was made, and the login failed. */
        UNAUTHENTICATED,
        /** The connection broke. */
        LOST,
        /** A bound on pending requests was reached. */
        OVERLOADED,
        /** The client was closed. */
        CLOSED,
        /** The class path is one that the client cannot work with. */
        BROKEN,
        /** The server broke the protocol. */
        PROTOCOL,
        /** The dialect of this server cannot carry the request. */
        REFUSED
    }

    /** The same fault as it looks to a request that was never written. */
    public Failure notSent() {
        return delivery == Delivery.NOT_SENT ? this : new Failure(kind, Delivery.NOT_SENT, what, cause);
    }

    /** The same fault as it looks to a call of which an earlier attempt was written. */
    public Failure indeterminate() {
        // an overload says that nothing was sent, which is not so of the whole call
        Kind told = kind == Kind.OVERLOADED ? Kind.LOST : kind;
        return delivery == Delivery.INDETERMINATE ? this : new Failure(told, Delivery.INDETERMINATE, what, cause);
    }

    /** The same with the time that the call had, when that is what ended it. */
    public Failure within(long nanos) {
        String time = nanos % MILLI == 0 ? nanos / MILLI + " ms" : nanos + " ns";
        return kind == Kind.TIMEOUT ? new Failure(kind, delivery, what + ", after " + time, cause) : this;
    }

    /** The exception for the caller. */
    public MemcachedException toException(@Nullable ServerAddress server, @Nullable CharSequence key) {
        return switch (kind) {
            case TIMEOUT -> new RequestTimeoutException(what, delivery, server, key);
            case UNREACHABLE, LOST -> new ConnectionLostException(what, delivery, server, key, cause);
            case UNAUTHENTICATED -> new AuthenticationException(what, server, key, cause);
            case OVERLOADED -> new OverloadedException(what, server, key);
            case BROKEN -> new ClientBrokenException(what, delivery, server, key, cause);
            case CLOSED -> new ClientClosedException(delivery, server, key);
            case PROTOCOL, REFUSED -> new ProtocolException(what, delivery, server, key);
        };
    }
}
