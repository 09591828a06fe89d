package io.cachewire.operation;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** The future of a call: completed on an executor, because completing it decodes the value and runs dependent stages. */
public final class CallFuture<R extends @Nullable Object> extends CompletableFuture<R> {
    private final Call<R> call;

    /** A future that ends when the call does. */
    public CallFuture(Call<R> call, Executor executor) {
        this.call = call;
        call.onEnd(() -> {
            try {
                executor.execute(this::take);
            } catch (RuntimeException e) {
                // the executor refuses: the caller must not wait for ever
                completeExceptionally(e);
            }
        });
    }

    private void take() {
        try {
            complete(call.result());
        } catch (CancellationException e) {
            super.cancel(false);
        } catch (Throwable e) {
            completeExceptionally(e);
        }
    }

    /** Withdraws the request, or has its reply dropped. */
    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        call.cancel();
        return super.cancel(mayInterruptIfRunning);
    }

    /** Dependent stages are plain futures: cancelling one of them leaves the call alone. */
    @Override
    public <U extends @Nullable Object> CompletableFuture<U> newIncompleteFuture() {
        return new CompletableFuture<>();
    }
}
