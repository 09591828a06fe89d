package io.cachewire.internal.protocol;

/**
 * What one parser holds of a reply that has not come to its end. A small allowance is free; what goes beyond it is taken from the budget
 * that the connections share, so that small replies never touch it. Not thread-safe.
 */
public final class ReplyMemory {
    /** One connection may hold so much of a reply without asking. */
    static final int ALLOWANCE = 64 * 1024;

    private final MemoryBudget shared;
    private long held;
    private long taken;

    public ReplyMemory(MemoryBudget shared) {
        this.shared = shared;
    }

    /**
     * To be called before the memory is taken.
     *
     * @throws MemoryBudget.Exhausted when there is none left
     */
    public void take(long bytes) {
        long more = held + bytes - ALLOWANCE - taken;
        if (more > 0) {
            if (!shared.tryTake(more)) {
                throw new MemoryBudget.Exhausted(shared);
            }
            taken += more;
        }
        held += bytes;
    }

    /** The reply is complete, or never will be. */
    public void release() {
        held = 0;
        if (taken > 0) {
            shared.giveBack(taken);
            taken = 0;
        }
    }
}
