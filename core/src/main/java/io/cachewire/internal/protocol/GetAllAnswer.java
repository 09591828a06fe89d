package io.cachewire.internal.protocol;

import io.cachewire.DataBlock;
import org.jspecify.annotations.Nullable;

/** Collects the replies to one {@link Request.GetAll} as they come, and gives each to its key. Not thread-safe. */
public interface GetAllAnswer extends AskedKeys {
    /**
     * Takes the next reply of the connection.
     *
     * @return true when it was the last
     * @throws MalformedReply when it does not fit: the stream is out of step
     */
    boolean take(Reply reply) throws MalformedReply;

    /** One of the keys that nothing was said of yet. */
    @Override
    default @Nullable DataBlock find(byte[] bytes, int from, int to) {
        return null;
    }

    /** All of it, when {@link #take} was true. */
    Reply.All whole();
}
