package io.cachewire.internal.observe;

import io.cachewire.internal.call.Call;
import io.cachewire.internal.operation.Operation;
import io.cachewire.internal.operation.Traced;
import io.cachewire.internal.protocol.Reply;
import io.cachewire.observe.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * An observed call of one operation.
 *
 * @param <R> type of the result
 */
final class OneCall<R extends @Nullable Object> extends ObservedCall<R> {
    private final Operation<R> operation;
    private final @Nullable Traced trace;

    OneCall(Call<R> call, Operation<R> operation, Watch watch) {
        super(call, watch);
        this.operation = operation;
        this.trace = call instanceof Traced known ? known : null;
    }

    @Override
    void succeeded(R result, Watch to) {
        Reply reply = trace == null ? null : trace.reply();
        if (trace != null && reply == null) {
            // a setting makes the failure look like a miss, or like a write that did nothing
            to.ended(Outcome.ERROR, trace.failure(), facts());
            return;
        }
        Outcome outcome = reply == null ? Outcome.DONE : operation.outcome(reply, result);
        to.ended(outcome, null, facts(outcome, reply));
    }

    @Override
    Watch.Facts facts() {
        return facts(Outcome.ERROR, null);
    }

    private Watch.Facts facts(Outcome outcome, @Nullable Reply reply) {
        return new Watch.Facts(
                trace == null ? null : trace.server(),
                trace == null ? 1 : trace.attempts(),
                outcome == Outcome.HIT ? 1 : 0,
                outcome == Outcome.MISS ? 1 : 0,
                valueBytes(reply));
    }

    static int valueBytes(@Nullable Reply reply) {
        return reply instanceof Reply.Value value ? value.data().length() : 0;
    }
}
