package io.cachewire.internal.protocol;

import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the reply parsers have in common: how bytes come in, what is kept of a reply in part, and that the first wrong byte ends it all. */
public abstract class FedParser implements ReplyParser {
    protected static final byte[] NONE = {};

    /** What a line of statistics takes beside its characters: an entry of a map, two strings. */
    protected static final int STAT_LINE_COST = 160;

    /** One more than a message shows, so that it tells that there was more. */
    protected static final int SHOWN_BYTES = 65;

    protected final Limits limits;
    protected final ReplyMemory memory;
    protected final GrowingBlock block;

    // what was fed and is not consumed
    protected byte[] input = NONE;
    protected int position;
    protected int end;

    /** What was wrong with the stream; null while nothing was. */
    private @Nullable String complaint;

    protected FedParser(Limits limits, MemoryBudget shared) {
        this.limits = limits;
        this.memory = new ReplyMemory(shared);
        this.block = new GrowingBlock(memory);
    }

    /** Consumes some of the bytes, of which there is at least one; gives the reply that they complete, if any. */
    protected abstract @Nullable Reply step() throws MalformedReply;

    /** Nothing of a reply in part is held any more. */
    protected void forget() {
        block.start(0);
        memory.release();
    }

    @Override
    public final void takeBlock(ByteBuffer bytes) {
        checkConsumed();
        block.takeMiddle(bytes);
    }

    @Override
    public final int missing() {
        return block.missing();
    }

    @Override
    public final void feed(byte[] bytes, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        checkConsumed();
        if (complaint == null) {
            input = bytes;
            position = offset;
            end = offset + length;
        }
    }

    private void checkConsumed() {
        if (position < end) {
            throw new IllegalStateException((end - position) + " bytes of the last feed are not consumed");
        }
    }

    @Override
    public final @Nullable Reply next() throws MalformedReply {
        if (complaint != null) {
            throw new MalformedReply(complaint);
        }
        try {
            while (position < end) {
                Reply reply = step();
                if (reply != null) {
                    return reply;
                }
            }
            release();
            return null;
        } catch (MalformedReply e) {
            complaint = Objects.requireNonNullElse(e.getMessage(), "");
            close();
            throw e;
        }
    }

    @Override
    public void close() {
        release();
        forget();
    }

    private void release() {
        input = NONE;
        position = 0;
        end = 0;
    }
}
