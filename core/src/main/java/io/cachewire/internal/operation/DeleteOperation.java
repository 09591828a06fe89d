package io.cachewire.internal.operation;

import io.cachewire.Key;
import io.cachewire.MemcachedException;
import io.cachewire.ServerAddress;
import io.cachewire.internal.protocol.Reply;
import io.cachewire.internal.protocol.Request;
import io.cachewire.observe.Outcome;
import org.jspecify.annotations.Nullable;

/** Delete, and its softer sister that marks an item stale: whether the item was there. */
public final class DeleteOperation extends Operation<Boolean> {
    DeleteOperation(Key key, Request request, Scope scope) {
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
            case HEADER, DELETED -> true;
            case NOT_FOUND -> false;
            default -> throw unexpected(reply, server);
        };
    }

    @Override
    public Outcome outcome(Reply reply, @Nullable Object result) {
        return Boolean.TRUE.equals(result) ? Outcome.HIT : Outcome.MISS;
    }
}
