package io.cachewire.serde;

/**
 * Thrown by a serde from {@code decode} to say that the item should count as absent: a value written by an older
 * version of the program, for example. The caller sees a miss. It carries no stack trace.
 */
public final class CacheMiss extends RuntimeException {
    /** The reason goes to the debug log. */
    public CacheMiss(String reason) {
        super(reason, null, false, false);
    }
}
