package io.cachewire.protocol;

import io.cachewire.DataBlock;
import java.util.Arrays;

/**
 * A data block that arrives in pieces. What it takes is bounded by what has come, not by what was declared: it starts
 * with at most 64 KiB and doubles.
 */
final class GrowingBlock {
    private static final int FIRST_BYTES = 64 * 1024;
    private static final byte[] NONE = {};

    private final ReplyMemory memory;
    private byte[] bytes = NONE;
    private int filled;
    private int length;

    /** What the bytes take is told to the memory, which the parser releases. */
    GrowingBlock(ReplyMemory memory) {
        this.memory = memory;
    }

    /** Begins a block of a declared length; nothing is allocated yet. */
    void start(int declaredLength) {
        bytes = NONE;
        filled = 0;
        length = declaredLength;
    }

    int declaredLength() {
        return length;
    }

    /** Whether none of its bytes has been taken. */
    boolean isUntouched() {
        return filled == 0;
    }

    boolean isFull() {
        return filled == length;
    }

    /** Takes as much of the input as belongs to the block; returns how much that was. */
    int take(byte[] input, int from, int to) {
        int count = Math.min(to - from, length - filled);
        int needed = filled + count;
        if (needed > bytes.length) {
            long doubled = Math.max(FIRST_BYTES, 2L * bytes.length);
            int capacity = (int) Math.min(length, Math.max(needed, doubled));
            memory.take(capacity - bytes.length);
            bytes = Arrays.copyOf(bytes, capacity);
        }
        System.arraycopy(input, from, bytes, filled, count);
        filled = needed;
        return count;
    }

    /** The full block, which is given away. */
    DataBlock finish() {
        DataBlock data = length == 0 ? DataBlock.EMPTY : DataBlock.wrap(bytes);
        start(0);
        return data;
    }
}
