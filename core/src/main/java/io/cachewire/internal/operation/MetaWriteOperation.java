package io.cachewire.internal.operation;

import io.cachewire.Key;
import io.cachewire.MemcachedException;
import io.cachewire.NotANumberException;
import io.cachewire.ServerAddress;
import io.cachewire.internal.protocol.Reply;
import io.cachewire.internal.protocol.Request;
import io.cachewire.meta.MetaStatus;
import io.cachewire.observe.Outcome;
import io.cachewire.observe.Verb;
import org.jspecify.annotations.Nullable;

/**
 * {@code ms}, {@code md} and {@code ma} with all that they can tell.
 *
 * @param <R> what the caller gets
 */
final class MetaWriteOperation<R> extends Operation<R> {
    private final Shape<R> shape;

    /** What is made of the outcome; throws {@link NumberFormatException} for a counter that is none. */
    interface Shape<R> {
        R of(MetaStatus status, Reply reply);
    }

    MetaWriteOperation(Key key, Request request, Shape<R> shape, Scope scope) {
        super(key, request, scope);
        this.shape = shape;
    }

    @Override
    R read(Reply reply, @Nullable ServerAddress server) {
        MetaStatus status = switch (reply.kind()) {
            case HEADER, VALUE -> MetaStatus.DONE;
            case NOT_STORED -> MetaStatus.NOT_STORED;
            case EXISTS -> MetaStatus.EXISTS;
            case NOT_FOUND -> MetaStatus.NOT_FOUND;
            default -> throw unexpected(reply, server);
        };
        try {
            return shape.of(status, reply);
        } catch (NumberFormatException e) {
            throw new NotANumberException(server, key());
        }
    }

    @Override
    MemcachedException error(Reply.Line line, @Nullable ServerAddress server) {
        if (line.isNotANumber()) {
            return new NotANumberException(server, key());
        }
        if (line.text().equals(StoreOperation.TOO_LARGE)) {
            return StoreOperation.tooLarge(server, key());
        }
        return super.error(line, server);
    }

    @Override
    public Outcome outcome(Reply reply, @Nullable Object result) {
        boolean isDone = reply.kind() == Reply.Kind.HEADER || reply.kind() == Reply.Kind.VALUE;
        if (verb() == Verb.META_SET) {
            return isDone ? Outcome.STORED : Outcome.NOT_STORED;
        }
        if (isDone) {
            return Outcome.HIT;
        }
        return reply.kind() == Reply.Kind.NOT_FOUND ? Outcome.MISS : Outcome.NOT_STORED;
    }
}
