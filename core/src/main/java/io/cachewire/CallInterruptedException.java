package io.cachewire;

import org.jspecify.annotations.Nullable;

/**
 * The thread of a blocking call was interrupted. The call was cancelled as any other: withdrawn when it was not written yet, else its
 * reply is read and dropped. The thread's interrupt flag is set again.
 */
public final class CallInterruptedException extends MemcachedException {
    /** Made by the blocking client. */
    public CallInterruptedException(Delivery delivery, @Nullable CharSequence key) {
        super("the calling thread was interrupted", delivery, null, key, null);
    }
}
