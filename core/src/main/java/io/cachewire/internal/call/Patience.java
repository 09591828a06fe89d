package io.cachewire.internal.call;

/**
 * Whether to wake many together: as long as few groups have somebody who keeps the others waiting. A thread that the machine takes away for a while looks
 * like that too, so it takes more than one of five groups.
 */
final class Patience {
    private static final int LOST_BY_ONE = 4;
    private static final int MAX_LOST = 32;

    /** So many groups are woken one by one before it is tried again. */
    private static final int PAUSE = 1_000;

    private int lost;
    private int pause;

    /** Counts a group; false when its waiters are to be woken one by one. */
    boolean allowsGroup() {
        if (pause > 0) {
            pause--;
            return false;
        }
        lost = Math.max(0, lost - 1);
        return true;
    }

    /** Somebody kept the others of a group waiting. */
    void lose() {
        lost += LOST_BY_ONE;
        if (lost >= MAX_LOST) {
            // the next one is enough then
            lost = MAX_LOST - LOST_BY_ONE + 1;
            pause = PAUSE;
        }
    }
}
