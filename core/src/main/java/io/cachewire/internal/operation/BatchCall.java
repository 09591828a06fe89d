package io.cachewire.internal.operation;

import io.cachewire.internal.call.Call;
import io.cachewire.internal.call.Outcomes;
import io.cachewire.internal.protocol.Reply;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Calls that were submitted each for itself, as one.
 *
 * <p>Decided in docs/decisions/0061-many-operations-one-call.md.
 *
 * @param <P> type of the result of one call
 * @param <R> type of the combined result
 */
public final class BatchCall<P extends @Nullable Object, R extends @Nullable Object> extends MultiCall<P, R> {
    /**
     * A call over calls that nobody else waits for.
     *
     * @param combine makes the result, on the caller's thread
     */
    public BatchCall(List<? extends Call<P>> calls, Function<? super Outcomes<P>, ? extends R> combine) {
        super(calls.size(), combine);
        for (int i = 0; i < calls.size(); i++) {
            becomes(i, calls.get(i));
        }
        ended(1);
    }

    /** The calls do not know it yet, each of which may have somebody to tell. */
    @Override
    protected void abandoned() {
        withdraw();
    }

    @Override
    protected P result(int index, Reply reply) {
        throw new IllegalStateException("nothing is answered but by way of its own call");
    }
}
