package io.cachewire.internal.operation;

import io.cachewire.internal.call.Wakeups;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A future of a client, or a stage that depends on one. A stage that waits for another on the thread that completes them lets those go on
 * that would wait for it.
 */
class StageFuture<R extends @Nullable Object> extends CompletableFuture<R> {
    private final Wakeups wakeups;

    StageFuture(Wakeups wakeups) {
        this.wakeups = wakeups;
    }

    final Wakeups wakeups() {
        return wakeups;
    }

    @Override
    public R join() {
        beforeWaiting();
        return super.join();
    }

    @Override
    public R get() throws InterruptedException, ExecutionException {
        beforeWaiting();
        return super.get();
    }

    @Override
    public R get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
        beforeWaiting();
        return super.get(timeout, unit);
    }

    private void beforeWaiting() {
        if (!isDone()) {
            wakeups.checkMayWait();
            wakeups.beforeWaiting();
        }
    }

    /** A dependent stage: cancelling it leaves the call alone. */
    @Override
    public <U extends @Nullable Object> CompletableFuture<U> newIncompleteFuture() {
        return new StageFuture<>(wakeups);
    }
}
