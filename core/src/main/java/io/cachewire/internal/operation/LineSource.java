package io.cachewire.internal.operation;

import io.cachewire.internal.call.Call;
import java.util.List;

/**
 * The lines of one reply on a connection of its own, which is opened by the first {@link #next}. Nothing is read that was not asked for,
 * so that a slow consumer slows the server and not fills the memory.
 */
public interface LineSource extends AutoCloseable {
    /**
     * The next lines, as many as came together and 16 KiB of them at most; none at the end of the reply. One call at a time. Cancelling it
     * closes the source.
     */
    Call<List<String>> next();

    /** Closes the connection; a call that waits fails. Safe to repeat, from any thread. */
    @Override
    void close();
}
