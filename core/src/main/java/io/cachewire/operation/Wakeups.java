package io.cachewire.operation;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How those go on who wait for calls and keep no thread for it: coroutines and futures. Those whose calls end in one turn of the I/O thread are woken
 * together. Handing somebody over to an executor may wake a thread, which costs more than all else that is done for a reply, so the I/O thread
 * makes one task for each executor, which lets one after the other go on. What they submit meanwhile is kept back, and goes out in one write.
 *
 * <p>None waits for long for what others do when they have been woken. What is left when a task has taken 200 microseconds is handed over anew, in halves;
 * what is left of a task that is about to wait for a call, at once; what is left of a task that has not come back at the next sweep of deadlines, one by
 * one. While that happens often, all are woken one by one.
 *
 * <p>Nothing is handed over from a thread of the executor: a thread of {@code Dispatchers.Default} puts that into a queue of its own, where it stays for
 * seconds when the thread turns to a task of {@code Dispatchers.IO} while the others are busy.
 */
public final class Wakeups {
    /** Many times what it takes to look at a value and to ask for the next one. */
    private static final long LONG_NANOS = 200_000;

    /** A few times what a write takes: what waits longer for others gains nothing. */
    private static final long HELD_NANOS = 20_000;

    private final Turns turns;
    private final Runnable wakeWoken = this::wakeWoken;

    // the I/O thread's own
    private List<@Nullable Waiter> woken = new ArrayList<>();
    private final Patience patience = new Patience();

    /** For the calls of one engine. */
    public Wakeups(Turns turns) {
        this.turns = turns;
    }

    /** Somebody who goes on when a call has ended. */
    public interface Waiter {
        /** Where; the same object for all who may be woken together. */
        Object executor();

        /** Has that executor run a task. */
        void execute(Runnable task);

        /** Goes on, here, on a thread of the executor. */
        void goOn();

        /** Goes on where it has to, by itself. */
        void wake();
    }

    /** The call of a waiter has ended, on this thread. */
    public void ended(Waiter waiter) {
        if (turns.isIoThread()) {
            if (woken.isEmpty()) {
                turns.atEndOfTurn(wakeWoken);
            }
            woken.add(waiter);
        } else {
            waiter.wake();
        }
    }

    /** The clock of the client. */
    public long nanos() {
        return turns.nanos();
    }

    /** True on the thread that takes the replies. */
    public boolean isIoThread() {
        return turns.isIoThread();
    }

    /**
     * To be called before somebody of this executor submits a call, without waiting for it on this thread.
     *
     * @return to be given to {@link #release} when it is submitted
     */
    public Turns.@Nullable Held hold(@Nullable Object executor) {
        Turns.Held held = turns.heldWrites();
        // others than those of the executor, such as an event loop within one of them, keep this thread until they have
        // their answer
        if (held == null || ((Group) held.owner()).executor != executor) {
            return null;
        }
        held.hold(true);
        return held;
    }

    /** The call is submitted. */
    public static void release(Turns.@Nullable Held held) {
        if (held != null) {
            held.hold(false);
        }
    }

    /** To be called before this thread waits for a call: it keeps back nothing any more, and keeps nobody waiting. */
    public void beforeWaiting() {
        Turns.Held held = turns.heldWrites();
        if (held != null) {
            held.write();
            ((Group) held.owner()).shareOut(true);
        }
    }

    private void wakeWoken() {
        List<@Nullable Waiter> waiters = woken;
        if (waiters.size() == 1) {
            // cleared first: on an executor that runs tasks on this thread it may go on to a call that fails at once
            Waiter only = waiterAt(waiters, 0);
            waiters.clear();
            only.wake();
            return;
        }
        woken = new ArrayList<>(waiters.size());
        int from = 0;
        while (from < waiters.size()) {
            Object executor = executorAt(waiters, from);
            int to = from + 1;
            while (to < waiters.size() && executorAt(waiters, to) == executor) {
                to++;
            }
            wake(waiters, executor, from, to);
            from = to;
        }
    }

    private void wake(List<@Nullable Waiter> waiters, Object executor, int from, int to) {
        if (to - from > 1 && patience.allowsGroup()) {
            new Group(waiters, executor, from, to).handOver();
        } else {
            each(waiters, from, to, Waiter::wake);
        }
    }

    /** Takes each of a part of the list, and has it go on in one of the two ways. */
    private static void each(List<@Nullable Waiter> waiters, int from, int to, Consumer<Waiter> way) {
        for (int index = from; index < to; index++) {
            way.accept(takeFrom(waiters, index));
        }
    }

    @SuppressWarnings("NullAway") // for one that nobody else can have taken
    private static Waiter takeFrom(List<@Nullable Waiter> waiters, int index) {
        return waiters.set(index, null);
    }

    @SuppressWarnings("NullAway") // asked for those only who were not taken from the list
    private static Waiter waiterAt(List<@Nullable Waiter> waiters, int index) {
        return waiters.get(index);
    }

    private static Object executorAt(List<@Nullable Waiter> waiters, int index) {
        return waiterAt(waiters, index).executor();
    }

    /**
     * Waiters of one executor. Runs there: has them go on in turn, as long as that takes little time. None is kept when it has gone on, because the group
     * itself is kept until the next sweep.
     */
    private final class Group implements Runnable {
        private final List<@Nullable Waiter> waiters;
        private final Object executor;
        private final int from;
        private final int to;

        /** Whoever counts it up, or to the end, has to wake what it counted. */
        private final AtomicInteger next;

        Group(List<@Nullable Waiter> waiters, Object executor, int from, int to) {
            this.waiters = waiters;
            this.executor = executor;
            this.from = from;
            this.to = to;
            next = new AtomicInteger(from);
        }

        void handOver() {
            try {
                waiterAt(waiters, from).execute(this);
            } catch (RuntimeException e) {
                // the executor refuses: each has to hear of it
                wakeEach();
            }
        }

        @Override
        public void run() {
            if (turns.isIoThread()) {
                // an executor that runs tasks on the calling thread: it does so with each
                each(waiters, next.getAndSet(to), to, Waiter::goOn);
                return;
            }
            if (!turns.soon(this::look)) {
                wakeEach();
                return;
            }
            boolean isSlow = false;
            Turns.Held held = turns.holdWrites(this);
            long begin = turns.nanos();
            long written = begin;
            long last = begin;
            try {
                int index;
                while ((index = next.getAndIncrement()) < to) {
                    takeFrom(waiters, index).goOn();
                    long now = turns.nanos();
                    if (now - begin >= LONG_NANOS) {
                        isSlow = now - last >= LONG_NANOS;
                        return;
                    }
                    if (now - written >= HELD_NANOS) {
                        held.write();
                        written = now;
                    }
                    last = now;
                }
            } finally {
                held.close();
                shareOut(isSlow);
            }
        }

        /** Hands over what is left, from the I/O thread. */
        void shareOut(boolean isSlow) {
            int rest = next.getAndSet(to);
            if (rest < to) {
                turns.onIoThread(() -> {
                    if (isSlow) {
                        patience.lose();
                    }
                    int middle = (rest + to + 1) >>> 1;
                    wake(waiters, executor, rest, middle);
                    if (middle < to) {
                        wake(waiters, executor, middle, to);
                    }
                });
            }
        }

        /** One that has not gone to its end may be waiting, for any of the others too. */
        private void look() {
            if (next.get() < to) {
                turns.onIoThread(this::wakeLate);
            }
        }

        private void wakeLate() {
            if (next.get() < to) {
                patience.lose();
                wakeEach();
            }
        }

        private void wakeEach() {
            each(waiters, next.getAndSet(to), to, Waiter::wake);
        }
    }
}
