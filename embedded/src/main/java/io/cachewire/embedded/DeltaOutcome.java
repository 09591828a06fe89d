package io.cachewire.embedded;

import org.jspecify.annotations.Nullable;

/**
 * What became of an arithmetic command.
 *
 * @param number the new number, to be read unsigned
 * @param item the item when the status is DONE; where the number did not fit in place this is the item that was
 *     replaced, with the cas unique of its successor
 */
record DeltaOutcome(Status status, long number, @Nullable Item item) {
    enum Status {
        DONE,
        NOT_FOUND,
        NOT_NUMERIC,
        CAS_MISMATCH
    }

    static DeltaOutcome not(Status status) {
        return new DeltaOutcome(status, 0, null);
    }
}
