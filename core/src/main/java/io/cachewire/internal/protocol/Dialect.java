package io.cachewire.internal.protocol;

import io.cachewire.DataBlock;
import org.jspecify.annotations.Nullable;

/** A wire format: how requests are written, how replies are read, and which reply may answer which request. Immutable. */
public interface Dialect {
    /** No header is longer than this: verb, key, numbers and meta flags. */
    int MAX_HEADER_BYTES = 768;

    /** The name that the protocol texts use: meta, text, binary. */
    String name();

    /** Why this dialect cannot carry a request ("the classic text protocol cannot mark an item stale"), or null when it can. */
    @Nullable
    String refusal(Request request);

    /**
     * Writes everything before the data block.
     *
     * @param opaque the token to be echoed, 0 or more, where the dialect has one
     * @param out has {@link #MAX_HEADER_BYTES} free bytes from {@code at} on
     * @return the index behind the last byte written
     */
    int encodeHeader(Request request, int opaque, byte[] out, int at);

    /**
     * What follows the header: the request's data block, or what this dialect makes of it; null for none.
     *
     * @param opaque the one that the header has
     */
    default @Nullable DataBlock dataBlock(Request request, int opaque) {
        return request.data();
    }

    /** What follows a data block; the array is not to be changed. */
    byte[] trailer();

    /** Whether there is a form of requests that is answered only when it fails, and a no-op to fence it. */
    boolean hasQuiet();

    /**
     * As {@link #encodeHeader}, in the quiet form. Only for dialects that {@linkplain #hasQuiet have one}, and for opcodes that
     * change items.
     */
    int encodeQuietHeader(Request request, byte[] out, int at);

    /**
     * What collects and checks the replies to a {@link Request.GetAll}.
     *
     * @param opaque the one that was sent
     */
    GetAllAnswer getAllAnswer(Request.GetAll request, int opaque);

    /** A parser for a new connection. */
    ReplyParser newParser(Limits limits, MemoryBudget memory);

    /** A parser that shares its memory with nobody. */
    default ReplyParser newParser(Limits limits) {
        return newParser(limits, MemoryBudget.UNBOUNDED);
    }

    /**
     * Whether a reply may answer a request: its kind fits the opcode, and opaque or key are the request's. An error line answers
     * any request. When this is false the stream is out of step and the connection must be closed.
     *
     * @param opaque the one that was sent, or {@link Reply#NO_OPAQUE} when the request was written in its quiet form
     */
    boolean answers(Request request, int opaque, Reply reply);

    /**
     * Whether a reply that {@linkplain #answers answers} a request leaves in doubt what the server has read: it may have taken a data block
     * for commands, and lines may follow that answer nothing that was asked. Nothing more can be believed on the connection then.
     *
     * @param request null for one in the quiet form, of which nobody knows which it is
     */
    boolean leavesDoubt(@Nullable Request request, Reply reply);
}
