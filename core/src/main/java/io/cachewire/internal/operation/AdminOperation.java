package io.cachewire.internal.operation;

import io.cachewire.Escaped;
import io.cachewire.MemcachedException;
import io.cachewire.ProtocolException;
import io.cachewire.ServerAddress;
import io.cachewire.internal.protocol.Reply;
import io.cachewire.internal.protocol.Request;
import io.cachewire.observe.Outcome;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The commands that concern a server and no key: stats, version, flush_all, verbosity.
 *
 * @param <R> what the command tells
 */
public final class AdminOperation<R> extends Operation<R> {
    private final Shape<R> shape;

    /** What is made of the reply, or null when the reply is of another kind. */
    private interface Shape<R> {
        @Nullable
        R of(Reply reply);
    }

    private AdminOperation(Request.Server request, Shape<R> shape, Scope scope) {
        super(null, request, scope);
        this.shape = shape;
    }

    static <R> AdminOperation<R> stats(Request.Server request, Function<Map<String, String>, R> shape, Scope scope) {
        return new AdminOperation<>(
                request,
                reply -> {
                    Map<String, String> lines = lines(reply);
                    return lines == null ? null : shape.apply(lines);
                },
                scope);
    }

    static <R> AdminOperation<R> version(Request.Server request, Function<String, @Nullable R> shape, Scope scope) {
        return new AdminOperation<>(
                request,
                reply -> reply instanceof Reply.Line line && line.kind() == Reply.Kind.VERSION
                        ? shape.apply(line.text())
                        : null,
                scope);
    }

    static AdminOperation<Boolean> noop(Request.Server request, Scope scope) {
        return new AdminOperation<>(
                request,
                reply -> reply.kind() == Reply.Kind.NOOP || reply.kind() == Reply.Kind.VERSION ? true : null,
                scope);
    }

    static AdminOperation<Boolean> acknowledged(Request.Server request, Scope scope) {
        return new AdminOperation<>(request, reply -> reply.kind() == Reply.Kind.OK ? true : null, scope);
    }

    private static @Nullable Map<String, String> lines(Reply reply) {
        if (reply instanceof Reply.Stats stats) {
            return stats.lines();
        }
        return switch (reply.kind()) {
            case END, RESET, OK -> Map.of();
            default -> null;
        };
    }

    @Override
    R read(Reply reply, @Nullable ServerAddress server) {
        R result = shape.of(reply);
        if (result == null && reply instanceof Reply.Line line && line.kind() == Reply.Kind.VERSION) {
            throw new ProtocolException(
                    "the server says \"" + Escaped.text(line.text()) + "\" to version, which has no numbers",
                    MemcachedException.Delivery.ANSWERED,
                    server,
                    null);
        }
        if (result == null) {
            throw unexpected(reply, server);
        }
        return result;
    }

    @Override
    public Outcome outcome(Reply reply, @Nullable Object result) {
        return Outcome.DONE;
    }
}
