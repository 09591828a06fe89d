package io.cachewire.internal.operation;

import io.cachewire.internal.call.Call;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The loop of an {@code update} as a future: reads and writes follow each other on the callback executor, where the caller's function runs
 * too; between a conflict and the next read there is no thread. Cancelling it cancels the step under way and takes no other.
 *
 * @param <T> type of the value
 */
public final class UpdateFuture<T> extends StageFuture<@Nullable T> {
    private final CallFutures futures;
    private final Update<T> update;
    private final Function<@Nullable T, @Nullable T> change;
    private final @Nullable ClassLoader loader = Call.callersLoader();
    private volatile @Nullable CompletableFuture<?> step;

    private UpdateFuture(CallFutures futures, Update<T> update, Function<@Nullable T, @Nullable T> change) {
        super(futures.wakeups());
        this.futures = futures;
        this.update = update;
        this.change = change;
    }

    /** Starts with the first read. */
    public static <T> UpdateFuture<T> start(
            CallFutures futures, Update<T> update, Function<@Nullable T, @Nullable T> change) {
        UpdateFuture<T> loop = new UpdateFuture<>(futures, update, change);
        loop.read();
        return loop;
    }

    private void read() {
        take(update.read(), this::write);
    }

    private void write(Update.@Nullable Held<T> held) {
        T next = change.apply(held == null ? null : held.value());
        if (next == null) {
            complete(null);
        } else {
            take(update.write(held, next), stored -> written(stored, next));
        }
    }

    private void written(boolean stored, T next) {
        if (stored) {
            complete(next);
        } else {
            readAfter(update.conflict());
        }
    }

    private void readAfter(Duration wait) {
        CompletableFuture.delayedExecutor(wait.toNanos(), TimeUnit.NANOSECONDS, this::execute)
                .execute(this::readAgain);
    }

    /** On the timer's thread: whatever the executor throws would be lost there. */
    private void execute(Runnable task) {
        try {
            futures.executor().execute(task);
        } catch (RuntimeException | Error e) {
            completeExceptionally(e);
        }
    }

    private void readAgain() {
        if (isDone()) {
            return;
        }
        try {
            read();
        } catch (RuntimeException | Error e) {
            completeExceptionally(e);
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the stage completes this future itself, whatever happens
    private <R extends @Nullable Object> void take(Operation<R> operation, Next<R> next) {
        CompletableFuture<R> taken = futures.of(operation, loader);
        step = taken;
        if (isDone()) {
            taken.cancel(false);
            return;
        }
        taken.whenComplete((result, failure) -> {
            if (update.ignores(failure)) {
                complete(null);
                return;
            }
            if (failure != null) {
                completeExceptionally(failure);
                return;
            }
            try {
                next.with(result);
            } catch (Throwable e) {
                // the caller's function, or arguments that became illegal with the changed value
                completeExceptionally(e);
            }
        });
    }

    private interface Next<R extends @Nullable Object> {
        void with(R result);
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        boolean cancelled = super.cancel(mayInterruptIfRunning);
        CompletableFuture<?> under = step;
        if (under != null) {
            under.cancel(false);
        }
        return cancelled;
    }
}
