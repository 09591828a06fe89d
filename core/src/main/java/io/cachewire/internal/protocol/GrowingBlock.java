package io.cachewire.internal.protocol;

import io.cachewire.DataBlock;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A data block that arrives in pieces. What it takes is bounded by what has come, not by what was declared: it starts
 * with at most 64 KiB, has room for eight times what has come up to a mebibyte, and doubles from there. One that is too long is read past: it
 * takes nothing.
 *
 * <p>Decided in docs/decisions/0059-large-values-grow-by-eight.md.
 */
public final class GrowingBlock {
    private static final int FIRST_BYTES = 64 * 1024;
    private static final int FAST_GROWTH = 8;

    /** Up to here the room may be {@link #FAST_GROWTH} times what has come. */
    private static final int FAST_BYTES = 1024 * 1024;

    private static final byte[] NONE = {};

    private final ReplyMemory memory;
    private byte[] bytes = NONE;
    private int filled;
    private int length;
    private boolean skipping;

    /** What the bytes take is told to the memory, which the parser releases. */
    public GrowingBlock(ReplyMemory memory) {
        this.memory = memory;
    }

    /** Begins a block of a declared length; nothing is allocated yet. */
    public void start(int declaredLength) {
        bytes = NONE;
        filled = 0;
        length = declaredLength;
        skipping = false;
    }

    /** Begins a block of which nothing is kept. */
    public void startSkipping(int declaredLength) {
        start(declaredLength);
        skipping = true;
    }

    public boolean isSkipping() {
        return skipping;
    }

    public int declaredLength() {
        return length;
    }

    /** Whether none of its bytes has been taken. */
    public boolean isUntouched() {
        return filled == 0;
    }

    public boolean isFull() {
        return filled == length;
    }

    /** How many bytes are to come when some have. */
    public int missing() {
        return filled == 0 ? 0 : length - filled;
    }

    /** Takes as much of the input as belongs to the block; returns how much that was. */
    public int take(byte[] input, int from, int to) {
        int count = Math.min(to - from, length - filled);
        if (!skipping) {
            makeRoom(count);
            System.arraycopy(input, from, bytes, filled, count);
        }
        filled += count;
        return count;
    }

    /** When some of the block has come: takes as much of the input as belongs to it, but for its last byte. */
    public void takeMiddle(ByteBuffer input) {
        int count = Math.min(input.remaining(), missing() - 1);
        if (count > 0) {
            if (skipping) {
                input.position(input.position() + count);
            } else {
                makeRoom(count);
                input.get(bytes, filled, count);
            }
            filled += count;
        }
    }

    private void makeRoom(int count) {
        int needed = filled + count;
        if (needed > bytes.length) {
            int capacity = capacity(needed);
            memory.take(capacity - bytes.length);
            bytes = Arrays.copyOf(bytes, capacity);
        }
    }

    private int capacity(int needed) {
        long fast = Math.min(FAST_BYTES, (long) FAST_GROWTH * needed);
        long grown = Math.max(2L * needed, fast);
        if (grown <= FIRST_BYTES) {
            return Math.min(length, FIRST_BYTES);
        }
        // a step that ends just below the length would be followed by one more copy of everything
        return grown + grown / 2 >= length ? length : (int) grown;
    }

    /** The full block, which is given away; or what stands for one that was skipped. */
    public DataBlock finish() {
        DataBlock kept = length == 0 ? DataBlock.EMPTY : DataBlock.wrap(bytes);
        DataBlock data = skipping ? Reply.Value.SKIPPED : kept;
        start(0);
        return data;
    }
}
