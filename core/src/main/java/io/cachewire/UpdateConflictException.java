package io.cachewire;

import org.jspecify.annotations.Nullable;

/** A compare-and-set loop gave up because other writers kept winning. The last attempt stored nothing. */
public final class UpdateConflictException extends MemcachedException {
    /** Made by {@code update}. */
    public UpdateConflictException(int attempts, @Nullable CharSequence key) {
        super("update gave up after " + attempts + " attempts", Delivery.ANSWERED, null, key, null);
    }
}
