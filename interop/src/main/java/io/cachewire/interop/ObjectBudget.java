package io.cachewire.interop;

import io.cachewire.SerdeException;
import io.cachewire.SerdeException.Reason;

/**
 * How many lists, maps and sets a value may have: one for every {@value #BYTES_EACH} bytes of it, and {@value #FREE} in any
 * case. An empty one takes a byte or two of a value and tens of bytes of memory. One for each value that is read.
 */
final class ObjectBudget {
    static final int BYTES_EACH = 4;
    static final int FREE = 1 << 14;

    private int left;

    ObjectBudget(int inputLength) {
        left = FREE + inputLength / BYTES_EACH;
    }

    /** Another container is made. */
    void take() {
        if (--left < 0) {
            throw new SerdeException(
                    Reason.LIMIT, "the value has more lists and maps than one for each " + BYTES_EACH + " bytes", null);
        }
    }
}
