package io.cachewire.internal.operation;

import io.cachewire.Expiry;
import io.cachewire.MemcachedException;
import io.cachewire.UpdateConflictException;
import io.cachewire.ValueType;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The two steps of {@code update}: read the value with its version, write the changed one if nobody wrote in between; and how long to wait
 * after a conflict. The loop around them, and the waiting, are the face's.
 *
 * @param <T> type of the value
 */
public final class Update<T> {
    private static final long FIRST_WAIT_NANOS = 1_000_000;
    private static final int MAX_DOUBLINGS = 6;

    private final Operations operations;
    private final Operations ignoring;
    private final CharSequence key;
    private final ValueType<T> type;
    private final @Nullable Expiry expiry;

    /** Writes that met a conflict. */
    private int conflicts;

    /**
     * An item that is there.
     *
     * @param value null when its serde takes it for a miss
     * @param cas its version
     * @param <T> type of the value
     */
    public record Held<T>(@Nullable T value, long cas) {}

    /** An update of one key. */
    public Update(Operations operations, CharSequence key, ValueType<T> type, @Nullable Expiry expiry) {
        this.operations = operations.telling();
        this.ignoring = operations;
        this.key = key;
        this.type = type;
        this.expiry = expiry;
    }

    /** Reads the present item; null when there is none. */
    public Operation<@Nullable Held<T>> read() {
        return operations.held(key, type);
    }

    /**
     * Writes the next value: over the version held, or as a new item when there was none. True when it was stored.
     *
     * @throws UpdateConflictException when the server has no versions
     */
    public Operation<Boolean> write(@Nullable Held<T> held, T next) {
        if (held == null) {
            return operations.add(key, type.value(next), expiry);
        }
        if (held.cas() == 0) {
            throw UpdateConflictException.withoutCasUniques(operations.key(key));
        }
        return operations.casOrFalse(key, type.value(next), held.cas(), expiry);
    }

    /** Whether a step that failed so ends the update without a word: nothing was stored then. */
    public boolean ignores(@Nullable Throwable failure) {
        return failure instanceof MemcachedException known && ignoring.ignores(known);
    }

    /**
     * After a write that met a conflict: how long to wait before the next read, a random time whose bound doubles up to 64 ms, so that of many
     * writers each has its turn.
     *
     * @throws UpdateConflictException when that was the last attempt
     */
    public Duration conflict() {
        conflicts++;
        if (conflicts >= operations.scope().updateAttempts()) {
            throw new UpdateConflictException(conflicts, operations.key(key));
        }
        long bound = FIRST_WAIT_NANOS << Math.min(conflicts - 1, MAX_DOUBLINGS);
        return Duration.ofNanos(ThreadLocalRandom.current().nextLong(bound));
    }
}
