package io.cachewire.internal.connection;

import io.cachewire.internal.protocol.MemoryBudget;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The bound on what one connection may have pending: a number of requests and a number of bytes, taken and given back together. Both
 * live in one word, so that admission is one atomic step and neither bound is ever passed. Beyond an allowance the bytes are borrowed from
 * the memory that all connections of the client share.
 */
public final class Budget {
    private static final int COUNT_SHIFT = 40;
    private static final long BYTES_MASK = (1L << COUNT_SHIFT) - 1;
    private static final long ONE = 1L << COUNT_SHIFT;

    /** One connection may have so many bytes pending without asking: hundreds of small requests. */
    static final int ALLOWANCE = 128 * 1024;

    private final int maxCount;
    private final long maxBytes;
    private final MemoryBudget shared;
    private final AtomicLong taken = new AtomicLong();

    /**
     * An unused budget.
     *
     * @param maxCount 1 to 1 000 000 requests
     * @param maxBytes 1 to 2^39 bytes
     * @param shared the memory of the client
     */
    public Budget(int maxCount, long maxBytes, MemoryBudget shared) {
        if (maxCount < 1 || maxCount > 1_000_000 || maxBytes < 1 || maxBytes > 1L << 39) {
            throw new IllegalArgumentException("budget of " + maxCount + " requests and " + maxBytes + " bytes");
        }
        this.maxCount = maxCount;
        this.maxBytes = maxBytes;
        this.shared = shared;
    }

    /** Without a memory that is shared. */
    Budget(int maxCount, long maxBytes) {
        this(maxCount, maxBytes, MemoryBudget.UNBOUNDED);
    }

    /** Takes one request of a size, or nothing. A single request over the byte bound passes when nothing else is pending. */
    public boolean tryTake(int bytes) {
        long step = ONE + bytes;
        long now = taken.addAndGet(step);
        long count = now >>> COUNT_SHIFT;
        if (count <= maxCount && ((now & BYTES_MASK) <= maxBytes || count == 1)) {
            return true;
        }
        taken.addAndGet(-step);
        return false;
    }

    /** Gives back what {@link #tryTake} took. */
    public void giveBack(int bytes) {
        taken.addAndGet(-(ONE + bytes));
    }

    /**
     * Borrows for a request that was just taken, and that brings a data block.
     *
     * @return how much of it lies beyond the allowance, to be given to {@link #repay}; negative when there is no memory left
     */
    int borrow(int bytes) {
        // requests taken before this one may have ended meanwhile: then it borrows more than it must
        int beyond = (int) Math.min(bytes, Math.max(0, bytes() - ALLOWANCE));
        return beyond == 0 || shared.tryTake(beyond) ? beyond : -1;
    }

    /** Gives back what was borrowed. */
    void repay(int bytes) {
        if (bytes > 0) {
            shared.giveBack(bytes);
        }
    }

    /** Requests that are pending now. */
    public int count() {
        return (int) (taken.get() >>> COUNT_SHIFT);
    }

    /** Bytes that are pending now. */
    public long bytes() {
        return taken.get() & BYTES_MASK;
    }

    @Override
    public String toString() {
        return count() + " of " + maxCount + " requests, " + bytes() + " of " + maxBytes + " bytes pending, " + shared;
    }
}
