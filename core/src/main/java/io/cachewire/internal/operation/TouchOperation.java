package io.cachewire.internal.operation;

import io.cachewire.Key;
import io.cachewire.MemcachedException;
import io.cachewire.ServerAddress;
import io.cachewire.internal.protocol.Reply;
import io.cachewire.internal.protocol.Request;
import io.cachewire.observe.Outcome;
import org.jspecify.annotations.Nullable;

/** Touch: a new expiry for an item; whether the item was there. */
public final class TouchOperation extends Operation<Boolean> {
    TouchOperation(Key key, Request.Touch request, Scope scope) {
        super(key, request, scope);
    }

    @Override
    Boolean onFailure(MemcachedException failure) {
        if (scope().ignores(failure)) {
            return false;
        }
        throw failure;
    }

    @Override
    Boolean read(Reply reply, @Nullable ServerAddress server) {
        return switch (reply.kind()) {
            case HEADER, TOUCHED -> true;
            case END, NOT_FOUND, NOT_STORED -> false;
            default -> throw unexpected(reply, server);
        };
    }

    @Override
    public Outcome outcome(Reply reply, @Nullable Object result) {
        return Boolean.TRUE.equals(result) ? Outcome.HIT : Outcome.MISS;
    }
}
