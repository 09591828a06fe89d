package io.cachewire.internal.call;

import io.cachewire.MemcachedException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A call that has failed before anything was submitted.
 *
 * @param <R> type of the result that there is not
 */
public final class RefusedCall<R extends @Nullable Object> extends Call<R> {
    private final Supplier<? extends MemcachedException> failure;

    /** @param failure makes the exception, on the caller's thread */
    public RefusedCall(Supplier<? extends MemcachedException> failure) {
        this.failure = failure;
        end("refused");
    }

    @Override
    protected void withdraw() {}

    @Override
    protected R decode(Object ended) {
        throw failure.get();
    }
}
