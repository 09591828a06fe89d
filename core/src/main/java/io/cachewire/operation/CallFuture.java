package io.cachewire.operation;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The future of a call: completed on an executor, because completing it decodes the value and runs dependent stages. Cancelling it
 * cancels the call; dependent stages are plain futures, and cancelling one of them leaves the call alone.
 */
public final class CallFuture<R extends @Nullable Object> extends CompletableFuture<R> {
    /** Null once it has ended, so that whoever keeps the future keeps no value that was written. A stale one does no harm. */
    private @Nullable Call<?> call;

    private <P extends @Nullable Object> CallFuture(Call<P> call, Executor executor, Function<P, R> shape) {
        this.call = call;
        call.onEnd(() -> {
            try {
                executor.execute(() -> take(call, shape));
            } catch (RuntimeException e) {
                // the executor refuses: the caller must not wait for ever
                completeExceptionally(e);
                this.call = null;
            }
        });
    }

    /** A future of what is made of the call's result, on the executor. */
    public static <P extends @Nullable Object, R extends @Nullable Object> CallFuture<R> of(
            Call<P> call, Executor executor, Function<P, R> shape) {
        return new CallFuture<>(call, executor, shape);
    }

    private <P extends @Nullable Object> void take(Call<P> from, Function<P, R> shape) {
        try {
            complete(shape.apply(from.result()));
        } catch (CancellationException e) {
            super.cancel(false);
        } catch (Throwable e) {
            completeExceptionally(e);
        }
        call = null;
    }

    /** Withdraws the request, or has its reply dropped. */
    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        Call<?> pending = call;
        if (pending != null) {
            pending.cancel();
        }
        return super.cancel(mayInterruptIfRunning);
    }

    /** For the dependent stages. */
    @Override
    public <U extends @Nullable Object> CompletableFuture<U> newIncompleteFuture() {
        return new CompletableFuture<>();
    }
}
