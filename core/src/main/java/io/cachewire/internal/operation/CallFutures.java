package io.cachewire.internal.operation;

import io.cachewire.internal.call.Call;
import io.cachewire.internal.call.Turns;
import io.cachewire.internal.call.Wakeups;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes futures of calls, which are completed on one executor: those whose calls end together one after the other, as
 * {@link Wakeups} has it.
 *
 * <p>Decided in docs/decisions/0063-futures-together.md.
 */
public final class CallFutures {
    private final Engine engine;
    private final Executor executor;

    /** True when the executor has run its last single task on the I/O thread: each future is a task of its own then, and waits for no others. */
    private volatile boolean isDirect;

    /** Futures of this engine's calls. */
    public CallFutures(Engine engine, Executor executor) {
        this.engine = engine;
        this.executor = executor;
    }

    /** Where the futures are completed. */
    public Executor executor() {
        return executor;
    }

    Wakeups wakeups() {
        return engine.wakeups();
    }

    boolean isDirect() {
        return isDirect;
    }

    /** The executor runs a task of a future, on this thread. */
    void runs() {
        boolean isOnIoThread = wakeups().isIoThread();
        if (isDirect != isOnIoThread) {
            isDirect = isOnIoThread;
        }
    }

    /** Submits an operation: the future of its result. */
    public <R extends @Nullable Object> CompletableFuture<R> of(Operation<R> operation) {
        return of(operation, Function.identity());
    }

    /** Submits an operation: the future of what is made of its result, on the executor. */
    public <P extends @Nullable Object, R extends @Nullable Object> CompletableFuture<R> of(
            Operation<P> operation, Function<P, R> shape) {
        return of(() -> engine.submit(operation), shape);
    }

    /** As {@link #of(Operation)}, for a call that is submitted by a function. */
    public <R extends @Nullable Object> CompletableFuture<R> of(Supplier<Call<R>> submit) {
        return of(submit, Function.identity());
    }

    /** As {@link #of(Operation, Function)}, for a call that is submitted by a function. */
    public <P extends @Nullable Object, R extends @Nullable Object> CompletableFuture<R> of(
            Supplier<Call<P>> submit, Function<P, R> shape) {
        Turns.Held held = wakeups().hold(executor);
        Call<P> call;
        try {
            call = submit.get();
        } finally {
            Wakeups.release(held);
        }
        return of(call, shape);
    }

    /** The future of a call that was submitted already. */
    public <R extends @Nullable Object> CompletableFuture<R> of(Call<R> call) {
        return of(call, Function.identity());
    }

    /** The future of what is made, on the executor, of the result of a call that was submitted already. */
    public <P extends @Nullable Object, R extends @Nullable Object> CompletableFuture<R> of(
            Call<P> call, Function<P, R> shape) {
        return of(call, shape, Call.callersLoader());
    }

    /** As {@link #of(Operation)}, where the caller's class loader is known and this thread is another one. */
    <R extends @Nullable Object> CompletableFuture<R> of(Operation<R> operation, @Nullable ClassLoader loader) {
        Turns.Held held = wakeups().hold(executor);
        Call<R> call;
        try {
            call = engine.submit(operation);
        } finally {
            Wakeups.release(held);
        }
        return of(call, Function.identity(), loader);
    }

    private <P extends @Nullable Object, R extends @Nullable Object> CompletableFuture<R> of(
            Call<P> call, Function<P, R> shape, @Nullable ClassLoader loader) {
        CallFuture<P, R> future = new CallFuture<>(this, call, shape, loader);
        call.onEnd(future);
        return future;
    }
}
