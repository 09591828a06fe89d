package io.cachewire;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A call that did not end with an answer. A miss is never one of these.
 *
 * <p>The class says what happened, {@link #delivery()} whether a write may have taken place, {@link #server()} and {@link #key()}
 * where, as far as that was known. Messages carry the server and the escaped key, never a value and never a credential. All are
 * unchecked, and none closes the client.
 */
public abstract sealed class MemcachedException extends RuntimeException
        permits AuthenticationException,
                CallInterruptedException,
                ClientBrokenException,
                ClientClosedException,
                CommandRefusedException,
                ConnectionLostException,
                IllegalKeyException,
                IllegalRequestException,
                NotANumberException,
                OverloadedException,
                PartialResultException,
                ProtocolException,
                RequestTimeoutException,
                SerdeException,
                ServerErrorException,
                UnsupportedByServerException,
                UpdateConflictException,
                ValueTooLargeException {

    /** What is known about the request's way to the server. */
    public enum Delivery {
        /** Nothing of the request was written: it had no effect, and may be repeated. */
        NOT_SENT,
        /** The request, or a part of it, was written and no answer came: it may have had its effect. */
        INDETERMINATE,
        /** The server answered. */
        ANSWERED
    }

    private final Delivery delivery;
    private final transient @Nullable ServerAddress server;
    private final @Nullable String key;

    MemcachedException(
            String what,
            Delivery delivery,
            @Nullable ServerAddress server,
            @Nullable CharSequence key,
            @Nullable Throwable cause) {
        super(message(what, server, key), cause);
        this.delivery = Objects.requireNonNull(delivery, "delivery");
        this.server = server;
        this.key = key == null ? null : key.toString();
    }

    private static String message(String what, @Nullable ServerAddress server, @Nullable CharSequence key) {
        StringBuilder text = new StringBuilder(what);
        if (server != null || key != null) {
            text.append(" [");
            if (server != null) {
                text.append("server ").append(server);
            }
            if (key != null) {
                text.append(server == null ? "" : ", ")
                        .append("key \"")
                        .append(Escaped.text(key))
                        .append('"');
            }
            text.append(']');
        }
        return text.toString();
    }

    /** Whether the request reached the server. */
    public final Delivery delivery() {
        return delivery;
    }

    /** The server that the call was meant for, or null when none had been chosen. */
    public final @Nullable ServerAddress server() {
        return server;
    }

    /** The key, namespace included and not escaped, or null when the call had none or more than one. */
    public final @Nullable String key() {
        return key;
    }
}
