package io.cachewire.internal.observe;

import io.cachewire.internal.call.Call;
import io.cachewire.internal.call.Outcomes;
import io.cachewire.internal.operation.MultiCall;
import io.cachewire.internal.operation.Operation;
import io.cachewire.internal.operation.Traced;
import io.cachewire.internal.protocol.Reply;
import io.cachewire.observe.Outcome;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An observed call of several operations, told as one.
 *
 * @param <R> type of the combined result
 */
final class ManyCall<R extends @Nullable Object> extends ObservedCall<R> {
    private final Tally<?> tally;

    ManyCall(Call<R> call, Tally<?> tally, Watch watch) {
        super(call, watch);
        this.tally = tally;
    }

    @Override
    void succeeded(R result, Watch to) {
        to.ended(tally.outcome(), tally.error, facts());
    }

    @Override
    Watch.Facts facts() {
        return new Watch.Facts(null, tally.attempts, tally.hits, tally.misses, tally.bytesReceived);
    }

    /**
     * Counts the results while they are taken, on the caller's thread.
     *
     * @param <P> type of the result of one operation
     */
    static final class Tally<P extends @Nullable Object> {
        private final List<? extends Operation<P>> operations;
        private int attempts = 1;
        private int hits;
        private int misses;
        private int notStored;
        private int failed;
        private long bytesReceived;
        private @Nullable Throwable error;

        Tally(List<? extends Operation<P>> operations) {
            this.operations = operations;
        }

        /** The same outcomes, counted. */
        Outcomes<P> counting(Outcomes<P> outcomes) {
            return index -> {
                try {
                    P result = outcomes.result(index);
                    count(index, result, (MultiCall<?, ?>) outcomes);
                    return result;
                } catch (Throwable e) {
                    failed(e);
                    throw e;
                }
            };
        }

        private void count(int index, @Nullable Object result, MultiCall<?, ?> outcomes) {
            Traced alone = outcomes.alone(index);
            attempts += alone == null ? 0 : alone.attempts() - 1;
            Reply reply = outcomes.reply(index);
            if (reply == null) {
                failed(alone == null ? null : alone.failure());
                return;
            }
            bytesReceived += OneCall.valueBytes(reply);
            switch (operations.get(index).outcome(reply, result)) {
                case HIT -> hits++;
                case MISS -> misses++;
                case NOT_STORED -> notStored++;
                default -> {}
            }
        }

        private void failed(@Nullable Throwable with) {
            failed++;
            error = error == null ? with : error;
        }

        private Outcome outcome() {
            if (failed > 0) {
                return Outcome.ERROR;
            }
            if (hits > 0) {
                return Outcome.HIT;
            }
            if (misses > 0) {
                return Outcome.MISS;
            }
            return notStored > 0 ? Outcome.NOT_STORED : Outcome.STORED;
        }
    }
}
