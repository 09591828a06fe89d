package io.cachewire.internal.call;

import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What executors were given to run and have perhaps not begun with, oldest first. Used by the I/O thread alone, but for {@link #isWatching}. Nothing is
 * allocated as a rule: what has begun leaves when the next one comes.
 */
final class HandedOver {
    private static final int MIN_LENGTH = 64;

    /** More than this many that wait is an executor's own trouble. */
    private static final int MAX_LENGTH = 1 << 16;

    /** Waiters and tasks, from {@code first} to {@code end}, around the end of the array. */
    private @Nullable Object[] entries = new @Nullable Object[MIN_LENGTH];

    private int first;
    private int end;
    private volatile boolean watching;

    /** A task for several waiters. */
    interface Task {
        boolean hasBegun();

        /** When the first that has not been taken is to have gone on. */
        long deadline();

        /** Takes those that have not been taken. */
        void takeOver(Consumer<Wakeups.Waiter> way);
    }

    /** Any thread: true while there may be something to look at. */
    boolean isWatching() {
        return watching;
    }

    /** A waiter or a task was given to its executor. True when there was nothing to look at before: the sweep is to be woken. */
    boolean add(Object handed) {
        dropBegun();
        if (end - first == entries.length && !grow()) {
            return false;
        }
        entries[end++ & (entries.length - 1)] = handed;
        if (watching) {
            return false;
        }
        watching = true;
        return true;
    }

    private void dropBegun() {
        while (first != end) {
            int at = first & (entries.length - 1);
            Object oldest = entries[at];
            if (oldest != null && !hasBegun(oldest)) {
                return;
            }
            entries[at] = null;
            first++;
        }
    }

    private static boolean hasBegun(Object handed) {
        return handed instanceof Task task ? task.hasBegun() : ((Wakeups.Waiter) handed).hasGoneOn();
    }

    private static long deadline(Object handed) {
        return handed instanceof Task task ? task.deadline() : ((Wakeups.Waiter) handed).deadline();
    }

    private boolean grow() {
        int length = entries.length;
        if (length == MAX_LENGTH) {
            return false;
        }
        @Nullable Object[] larger = Arrays.copyOf(entries, 2 * length);
        for (int i = first; i != end; i++) {
            larger[i & (2 * length - 1)] = entries[i & (length - 1)];
        }
        // what the copy has brought to other places than its own
        for (int i = 0; i < 2 * length; i++) {
            boolean used = ((i - first) & (2 * length - 1)) < end - first;
            if (!used) {
                larger[i] = null;
            }
        }
        entries = larger;
        return true;
    }

    /** Takes away those that have not begun though they should have gone on by then. */
    void takeOverdue(long then, Consumer<Wakeups.Waiter> way) {
        dropBegun();
        for (int i = first; i != end; i++) {
            int at = i & (entries.length - 1);
            Object handed = entries[at];
            if (handed == null || hasBegun(handed)) {
                entries[at] = null;
            } else if (deadline(handed) != Long.MAX_VALUE && deadline(handed) - then < 0) {
                entries[at] = null;
                if (handed instanceof Task task) {
                    task.takeOver(way);
                } else {
                    way.accept((Wakeups.Waiter) handed);
                }
            }
        }
        dropBegun();
        watching = first != end;
    }
}
