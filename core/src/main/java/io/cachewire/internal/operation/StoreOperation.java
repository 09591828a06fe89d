package io.cachewire.internal.operation;

import io.cachewire.CasResult;
import io.cachewire.Key;
import io.cachewire.MemcachedException;
import io.cachewire.MemcachedException.Delivery;
import io.cachewire.ServerAddress;
import io.cachewire.ValueTooLargeException;
import io.cachewire.internal.protocol.Opcode;
import io.cachewire.internal.protocol.Reply;
import io.cachewire.internal.protocol.Request;
import io.cachewire.observe.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * The verbs that write a value: set, add, replace, append, prepend, cas.
 *
 * @param <R> nothing for set, whether it was stored for the conditional ones, {@link CasResult} for cas
 */
public final class StoreOperation<R extends @Nullable Object> extends Operation<R> {
    static final String TOO_LARGE = "object too large for cache";

    private final Shape<R> shape;

    /** What is made of the outcome. */
    private interface Shape<R extends @Nullable Object> {
        @Nullable
        R of(CasResult outcome);
    }

    private StoreOperation(Key key, Request.Store request, Shape<R> shape, Scope scope) {
        super(key, request, scope);
        this.shape = shape;
    }

    static StoreOperation<@Nullable Void> unconditional(Key key, Request.Store request, Scope scope) {
        return new StoreOperation<>(key, request, outcome -> null, scope);
    }

    static StoreOperation<Boolean> conditional(Key key, Request.Store request, Scope scope) {
        return new StoreOperation<>(key, request, outcome -> outcome == CasResult.STORED, scope);
    }

    static StoreOperation<CasResult> cas(Key key, Request.Store request, Scope scope) {
        return new StoreOperation<>(key, request, outcome -> outcome, scope);
    }

    /** For a cas there is no result that says so. */
    @Override
    @Nullable
    R onFailure(MemcachedException failure) {
        if (opcode() != Opcode.CAS && scope().ignores(failure)) {
            return shape.of(CasResult.NOT_FOUND);
        }
        throw failure;
    }

    @Override
    @Nullable
    R read(Reply reply, @Nullable ServerAddress server) {
        return shape.of(
                switch (reply.kind()) {
                    case HEADER, STORED -> CasResult.STORED;
                    case EXISTS -> CasResult.EXISTS;
                    case NOT_FOUND, NOT_STORED -> CasResult.NOT_FOUND;
                    default -> throw unexpected(reply, server);
                });
    }

    @Override
    MemcachedException error(Reply.Line line, @Nullable ServerAddress server) {
        if (line.text().equals(TOO_LARGE)) {
            return tooLarge(server, key());
        }
        return super.error(line, server);
    }

    static MemcachedException tooLarge(@Nullable ServerAddress server, @Nullable CharSequence key) {
        return new ValueTooLargeException(
                "the server's item size limit; it has removed the old value", Delivery.ANSWERED, server, key);
    }

    @Override
    public Outcome outcome(Reply reply, @Nullable Object result) {
        return switch (reply.kind()) {
            case HEADER, STORED -> Outcome.STORED;
            default -> Outcome.NOT_STORED;
        };
    }
}
