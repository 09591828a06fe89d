package io.cachewire.connection;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The bound on what one connection may have pending: a number of requests and a number of bytes, taken and given back together. Both
 * live in one word, so that admission is one atomic step and neither bound is ever passed.
 */
public final class Budget {
    private static final int COUNT_SHIFT = 40;
    private static final long BYTES_MASK = (1L << COUNT_SHIFT) - 1;
    private static final long ONE = 1L << COUNT_SHIFT;

    private final int maxCount;
    private final long maxBytes;
    private final AtomicLong taken = new AtomicLong();

    /**
     * An unused budget.
     *
     * @param maxCount 1 to 1 000 000 requests
     * @param maxBytes 1 to 2^39 bytes
     */
    public Budget(int maxCount, long maxBytes) {
        if (maxCount < 1 || maxCount > 1_000_000 || maxBytes < 1 || maxBytes > 1L << 39) {
            throw new IllegalArgumentException("budget of " + maxCount + " requests and " + maxBytes + " bytes");
        }
        this.maxCount = maxCount;
        this.maxBytes = maxBytes;
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
        return count() + " of " + maxCount + " requests, " + bytes() + " of " + maxBytes + " bytes pending";
    }
}
