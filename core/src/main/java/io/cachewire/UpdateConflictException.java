package io.cachewire;

import org.jspecify.annotations.Nullable;

/**
 * A compare-and-set loop gave up because other writers kept winning, or because the server gives its items no cas uniques. The last
 * attempt stored nothing.
 */
public final class UpdateConflictException extends MemcachedException {
    /** Made by {@code update}. */
    public UpdateConflictException(int attempts, @Nullable CharSequence key) {
        this("update gave up after " + attempts + " attempts: others wrote each time; updateAttempts allows more", key);
    }

    private UpdateConflictException(String what, @Nullable CharSequence key) {
        super(what, Delivery.ANSWERED, null, key, null);
    }

    /** For a server that was started with {@code -C}. */
    public static UpdateConflictException withoutCasUniques(@Nullable CharSequence key) {
        return new UpdateConflictException(
                "update needs cas uniques, and the server gives none: it was started with -C", key);
    }
}
