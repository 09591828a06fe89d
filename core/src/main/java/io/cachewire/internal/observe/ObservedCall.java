package io.cachewire.internal.observe;

import io.cachewire.internal.call.Call;
import io.cachewire.observe.Outcome;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * A call of the engine below, of whose end its listeners are told when its result is taken, or when the caller lets go of it: so on the caller's
 * side, never by the thread that ends it.
 *
 * @param <R> type of the result
 */
abstract class ObservedCall<R extends @Nullable Object> extends Call<R> implements Call.Listener {
    private final Call<R> call;
    private final Watch watch;

    ObservedCall(Call<R> call, Watch watch) {
        this.call = call;
        this.watch = watch;
    }

    /** This call, from now on ended by the one below. */
    final Call<R> begun() {
        call.onEnd(this);
        return this;
    }

    /** The result was taken. */
    abstract void succeeded(R result, Watch to);

    /** What is known of a call that did not give a result. */
    abstract Watch.Facts facts();

    @Override
    public final void ended() {
        end(call);
    }

    @Override
    public final long deadline() {
        return call.deadline();
    }

    @Override
    protected final void withdraw() {
        call.cancel();
        watch.ended(Outcome.CANCELLED, null, facts());
    }

    @Override
    protected final void abandoned() {
        call.cancel();
        watch.ended(Outcome.CANCELLED, null, facts());
    }

    @Override
    protected final R decode(Object ended) {
        R result;
        try {
            result = call.result();
        } catch (CancellationException e) {
            watch.ended(Outcome.CANCELLED, null, facts());
            throw e;
        } catch (Throwable e) {
            watch.ended(Outcome.ERROR, e, facts());
            throw e;
        }
        succeeded(result, watch);
        return result;
    }
}
