package io.cachewire.operation;

import io.cachewire.CasValue;
import io.cachewire.UpdateConflictException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The loop of an {@code update} as a future: reads and writes follow each other on the callback executor, where the caller's function runs
 * too. Cancelling it cancels the step under way and takes no other.
 *
 * @param <T> type of the value
 */
public final class UpdateFuture<T> extends StageFuture<@Nullable T> {
    private final CallFutures futures;
    private final Update<T> update;
    private final Function<@Nullable T, @Nullable T> change;
    private final @Nullable ClassLoader loader = Call.callersLoader();
    private int attempts;
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
        attempts++;
        take(update.read(), this::write);
    }

    private void write(@Nullable CasValue<T> held) {
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
        } else if (attempts == Update.MAX_ATTEMPTS) {
            completeExceptionally(new UpdateConflictException(attempts, update.key()));
        } else {
            read();
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
