package io.cachewire.internal.protocol;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Turns the byte stream of one connection into replies. Not thread-safe; one per connection, driven by its reader.
 *
 * <p>Promises: any cut of the input gives the same replies; no more is consumed than was fed; after {@link MalformedReply} the parser
 * gives nothing more; the memory taken before a reply is complete is bounded by {@link Limits} and by what has arrived, whatever
 * length the server declares; what it holds of a large reply is taken from the {@link MemoryBudget}, and given back when the reply is complete,
 * malformed, or given up by {@link #close}.
 */
public interface ReplyParser {
    /** Tells the keys that replies may be about, to be asked from here on; a parser that copies every key does without. */
    default void expect(AskedKeys keys) {}

    /**
     * Takes what belongs to a data block that the bytes fed before have left in part, but for its last byte, and none of what comes behind it; when
     * there is no such block, nothing. It spares large values one copy. What is left in the buffer is to be fed next.
     *
     * @throws IllegalStateException when the bytes fed before were not consumed yet
     * @throws MemoryBudget.Exhausted as {@link #next}
     */
    void takeBlock(ByteBuffer bytes);

    /** How many bytes are missing of a data block of which the bytes fed before have left a part; 0 when there is no such block. */
    int missing();

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
     * @throws MemoryBudget.Exhausted when there is no memory for the rest; the parser is to be closed then
     */
    @Nullable
    Reply next() throws MalformedReply;

    /** The connection is over: gives back the memory of a reply in part. Nothing is fed after that. */
    void close();
}
