package io.cachewire.protocol;

/** Collects the replies to one {@link Request.GetAll} as they come, and gives each to its key. Not thread-safe. */
public interface GetAllAnswer {
    /**
     * Takes the next reply of the connection.
     *
     * @return true when it was the last
     * @throws MalformedReply when it does not fit: the stream is out of step
     */
    boolean take(Reply reply) throws MalformedReply;

    /** All of it, when {@link #take} was true. */
    Reply.All whole();
}
