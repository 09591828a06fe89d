package io.cachewire.protocol;

import org.jspecify.annotations.Nullable;

/**
 * Turns the byte stream of one connection into replies. Not thread-safe; one per connection, driven by its reader.
 *
 * <p>Promises: any cut of the input gives the same replies; no more is consumed than was fed; after {@link MalformedReply} the parser
 * gives nothing more; the memory taken before a reply is complete is bounded by {@link Limits} and by what has arrived, whatever
 * length the server declares.
 */
public interface ReplyParser {
    /**
     * Hands over the next bytes of the stream. The array is read until {@link #next} returns null, and not after that.
     *
     * @throws IllegalStateException when the bytes fed before were not consumed yet
     */
    void feed(byte[] bytes, int offset, int length);

    /**
     * The next whole reply, or null when all bytes are consumed and more are needed.
     *
     * @throws MalformedReply when the bytes break the grammar or a limit; from then on every call throws
     */
    @Nullable
    Reply next() throws MalformedReply;
}
