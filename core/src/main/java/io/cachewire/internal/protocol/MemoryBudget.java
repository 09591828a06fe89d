package io.cachewire.internal.protocol;

/**
 * Memory that all connections of a client share for what is large and on its way. Used by many threads; never blocks. Whoever took bytes
 * gives the same number back, whatever became of them.
 *
 * <p>Decided in docs/decisions/0041-memory-budget.md.
 */
public interface MemoryBudget {
    /** Never refuses. */
    MemoryBudget UNBOUNDED = new MemoryBudget() {
        @Override
        public boolean tryTake(long bytes) {
            return true;
        }

        @Override
        public void giveBack(long bytes) {}

        @Override
        public String toString() {
            return "no memory budget";
        }
    };

    /** Takes all of the bytes or none; false when there are not so many left. */
    boolean tryTake(long bytes);

    /** Gives back what was taken. */
    void giveBack(long bytes);

    /** There is no memory left for the rest of a reply. Neither the server nor the request is to blame. */
    final class Exhausted extends RuntimeException {
        private static final long serialVersionUID = 1;

        Exhausted(MemoryBudget budget) {
            super("no memory left for a reply that has come in part: " + budget, null, false, false);
        }
    }
}
