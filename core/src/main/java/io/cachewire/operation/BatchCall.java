package io.cachewire.operation;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Several calls as one: it ends when all of them have, and is cancelled by cancelling each.
 *
 * @param <R> type of the combined result
 */
public final class BatchCall<R extends @Nullable Object> extends Call<R> {
    private static final Object ALL_ENDED = "all ended";

    private final List<? extends Call<?>> parts;
    private final AtomicInteger left;
    private final Supplier<R> combine;

    /**
     * A call over calls that were submitted and that nobody else waits for.
     *
     * @param combine reads the parts' results, on the caller's thread
     */
    public BatchCall(List<? extends Call<?>> parts, Supplier<R> combine) {
        this.parts = parts;
        this.combine = combine;
        // one for this constructor: the last part may end before the next listener is set
        this.left = new AtomicInteger(parts.size() + 1);
        Listener onePart = this::partEnded;
        for (Call<?> part : parts) {
            part.onEnd(onePart);
        }
        partEnded();
    }

    private void partEnded() {
        if (left.decrementAndGet() == 0) {
            end(ALL_ENDED);
        }
    }

    @Override
    protected void withdraw() {
        parts.forEach(Call::cancel);
    }

    @Override
    protected R decode(Object ended) {
        return combine.get();
    }
}
