package io.cachewire.internal.operation;

import io.cachewire.internal.call.Call;
import io.cachewire.internal.call.Wakeups;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The future of a call: completed on an executor, because completing it decodes the value and runs dependent stages. Cancelling it
 * cancels the call; cancelling one of the dependent stages leaves the call alone.
 *
 * @param <P> type of the call's result
 * @param <R> type of what is made of it
 */
final class CallFuture<P extends @Nullable Object, R extends @Nullable Object> extends StageFuture<R>
        implements Call.Listener, Wakeups.Waiter, Runnable {
    private final CallFutures futures;
    private final Function<P, R> shape;
    private final @Nullable ClassLoader loader;

    /** Null once it has ended, so that whoever keeps the future keeps no value that was written. A stale one does no harm. */
    private @Nullable Call<P> call;

    private Wakeups.@Nullable Waiter nextFailed;

    CallFuture(CallFutures futures, Call<P> call, Function<P, R> shape, @Nullable ClassLoader loader) {
        super(futures.wakeups());
        this.futures = futures;
        this.call = call;
        this.shape = shape;
        this.loader = loader;
    }

    @Override
    public void ended() {
        if (futures.isDirect() && wakeups().isIoThread()) {
            wakeups().wake(this);
        } else {
            wakeups().ended(this);
        }
    }

    @Override
    public Object executor() {
        return futures.executor();
    }

    @Override
    public void execute(Runnable task) {
        futures.executor().execute(task);
    }

    @Override
    public void wake() {
        try {
            execute(this);
        } catch (RuntimeException e) {
            // the executor refuses: the caller must not wait for ever
            if (wakeups().isOwnThread()) {
                wakeups().elsewhere(() -> refused(e));
            } else {
                refused(e);
            }
        }
    }

    private void refused(RuntimeException e) {
        completeExceptionally(e);
        Call<P> ended = call;
        if (ended != null) {
            // nobody will take its result
            ended.cancel();
        }
        call = null;
    }

    @Override
    public long deadline() {
        Call<P> ended = call;
        return ended == null ? Long.MAX_VALUE : ended.deadline();
    }

    @Override
    public boolean hasGoneOn() {
        return isDone();
    }

    @Override
    public Wakeups.@Nullable Waiter nextFailed() {
        return nextFailed;
    }

    @Override
    public void nextFailed(Wakeups.@Nullable Waiter next) {
        nextFailed = next;
    }

    @Override
    public void run() {
        futures.runs();
        goOn();
    }

    @Override
    public void goOn() {
        Call<P> ended = call;
        if (ended == null) {
            return;
        }
        try {
            complete(shape.apply(ended.result(loader)));
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
}
