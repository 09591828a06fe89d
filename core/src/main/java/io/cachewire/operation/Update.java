package io.cachewire.operation;

import io.cachewire.CasValue;
import io.cachewire.Expiry;
import io.cachewire.ValueType;
import org.jspecify.annotations.Nullable;

/**
 * The two steps of {@code update}: read the value with its version, write the changed one if nobody wrote in between. The loop around them, and
 * the waiting, are the face's.
 *
 * @param <T> type of the value
 */
public final class Update<T> {
    /** Conflicts in a row after which the loop gives up. */
    public static final int MAX_ATTEMPTS = 100;

    private final Operations operations;
    private final CharSequence key;
    private final ValueType<T> type;
    private final @Nullable Expiry expiry;

    /** An update of one key. */
    public Update(Operations operations, CharSequence key, ValueType<T> type, @Nullable Expiry expiry) {
        this.operations = operations;
        this.key = key;
        this.type = type;
        this.expiry = expiry;
    }

    /** What is updated. */
    public CharSequence key() {
        return key;
    }

    /** Reads the present value. */
    public Operation<@Nullable CasValue<T>> read() {
        return operations.gets(key, type);
    }

    /** Writes the next value: over the version held, or as a new item when there was none. True when it was stored. */
    public Operation<Boolean> write(@Nullable CasValue<T> held, T next) {
        return held == null
                ? operations.add(key, type.value(next), expiry)
                : operations.casOrFalse(key, type.value(next), held.cas(), expiry);
    }
}
