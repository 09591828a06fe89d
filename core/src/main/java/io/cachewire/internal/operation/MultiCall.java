package io.cachewire.internal.operation;

import io.cachewire.internal.call.Call;
import io.cachewire.internal.call.Outcomes;
import io.cachewire.internal.protocol.Reply;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One call of several operations; the engine's part is in its subclass. An operation is answered as one of many, or goes its way as a call of
 * its own. The whole ends when all have ended, and is cancelled by cancelling each.
 *
 * @param <P> type of the result of one operation
 * @param <R> type of the combined result
 */
public abstract class MultiCall<P extends @Nullable Object, R extends @Nullable Object> extends Call<R>
        implements Outcomes<P> {
    private static final Object ALL_ENDED = "all ended";

    private final Function<? super Outcomes<P>, ? extends R> combine;

    /** For each operation the reply to it, or the call that it has become. */
    private final AtomicReferenceArray<@Nullable Object> outcomes;

    /** Operations that have not ended, and one for whoever submits them. */
    private final AtomicInteger left;

    private final Listener one = this::oneEnded;

    /**
     * A call that nothing was submitted of.
     *
     * @param size how many operations
     * @param combine makes the result, on the caller's thread
     */
    protected MultiCall(int size, Function<? super Outcomes<P>, ? extends R> combine) {
        this.combine = combine;
        this.outcomes = new AtomicReferenceArray<>(size);
        this.left = new AtomicInteger(size + 1);
    }

    /** The reply to one operation is here; {@link #ended} is to follow. */
    protected final void answered(int index, Reply reply) {
        // seen by whoever sees the end
        outcomes.setPlain(index, reply);
    }

    /** From here on one operation goes its own way; it is cancelled at once when the whole was. */
    protected final void becomes(int index, Call<P> call) {
        becomes(index, call, one);
    }

    /** As {@link #becomes(int, Call)}, for a listener that calls {@link #ended}. */
    protected final void becomes(int index, Call<P> call, Listener listener) {
        outcomes.set(index, call);
        call.onEnd(listener);
        if (isDone()) {
            call.cancel();
        }
    }

    private void oneEnded() {
        ended(1);
    }

    /** So many operations have ended, or all have been submitted: that counts as one more. */
    protected final void ended(int count) {
        if (left.addAndGet(-count) == 0) {
            end(ALL_ENDED);
        }
    }

    /** Whether an operation has become a call of its own, and that has failed. */
    protected final boolean hasFailedAlone(int index) {
        return outcomes.get(index) instanceof OperationCall<?> call && call.hasFailed();
    }

    /** The reply to an operation, or null when it has ended without one. */
    public final @Nullable Reply reply(int index) {
        Object outcome = outcomes.get(index);
        return outcome instanceof Traced call ? call.reply() : outcome instanceof Reply reply ? reply : null;
    }

    /** The call that an operation has become; null when it was answered as one of many. */
    public final @Nullable Traced alone(int index) {
        return outcomes.get(index) instanceof Traced call ? call : null;
    }

    /** What the reply to an operation that was {@link #answered} says. */
    protected abstract P result(int index, Reply reply);

    @Override
    @SuppressWarnings("unchecked") // what is there is a reply, or was given to becomes()
    public final P result(int index) {
        Object outcome = outcomes.get(index);
        return outcome instanceof Reply reply ? result(index, reply) : ((Call<P>) outcome).result();
    }

    @Override
    protected void withdraw() {
        for (int i = 0; i < outcomes.length(); i++) {
            if (outcomes.get(i) instanceof Call<?> call) {
                call.cancel();
            }
        }
    }

    @Override
    protected final R decode(Object ended) {
        return combine.apply(this);
    }
}
