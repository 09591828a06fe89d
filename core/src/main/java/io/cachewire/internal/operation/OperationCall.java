package io.cachewire.internal.operation;

import io.cachewire.MemcachedException;
import io.cachewire.ServerAddress;
import io.cachewire.internal.call.Call;
import io.cachewire.internal.protocol.Reply;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * A call of one operation; the engine's part is in its subclass.
 *
 * @param <R> type of the result
 */
public abstract class OperationCall<R extends @Nullable Object> extends Call<R> implements Traced {
    private final Operation<R> operation;
    private volatile @Nullable ServerAddress server;

    /** A call that has not been sent anywhere. */
    protected OperationCall(Operation<R> operation) {
        this.operation = operation;
    }

    /** What is called. */
    public final Operation<R> operation() {
        return operation;
    }

    /** Where the request goes, as known so far. */
    protected final void sendingTo(ServerAddress to) {
        server = to;
    }

    /** The reply is here. */
    protected final void succeed(Reply reply) {
        end(reply);
    }

    /** The call failed; the exception is made when the caller takes the result, from server and key. */
    protected final void fail(BiFunction<@Nullable ServerAddress, @Nullable CharSequence, MemcachedException> failure) {
        end(new Failed(failure));
    }

    /** Whether it has ended without a reply, and was not cancelled. */
    final boolean hasFailed() {
        return outcome() instanceof Failed;
    }

    @Override
    public final @Nullable Reply reply() {
        return outcome() instanceof Reply reply ? reply : null;
    }

    @Override
    public final @Nullable MemcachedException failure() {
        return outcome() instanceof Failed failed ? failed.with().apply(server, operation.key()) : null;
    }

    @Override
    public final @Nullable ServerAddress server() {
        return server;
    }

    @Override
    public int attempts() {
        return 1;
    }

    @Override
    protected final R decode(Object ended) {
        if (ended instanceof Reply reply) {
            return operation.result(reply, server);
        }
        return operation.failed(((Failed) ended).with().apply(server, operation.key()));
    }

    private record Failed(BiFunction<@Nullable ServerAddress, @Nullable CharSequence, MemcachedException> with) {}
}
