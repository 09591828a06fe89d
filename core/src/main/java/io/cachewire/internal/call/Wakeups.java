package io.cachewire.internal.call;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
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
 *
 * <p>What one waiter's executor throws is that waiter's alone. One that could not be woken, because of an Error, is tried again with each sweep, and goes on on a thread
 * of the client when that has not helped for {@link #ROUND_NANOS} to twice that. A future whose executor has not run it {@link #GRACE_NANOS} after its
 * deadline is completed on a thread of the client too. No user code runs on the client's two own threads, but for an executor that runs its tasks on
 * the thread that calls it.
 *
 * <p>Decided in docs/decisions/0055-resumed-together.md.
 */
public final class Wakeups {
    /** Many times what it takes to look at a value and to ask for the next one. */
    private static final long LONG_NANOS = 200_000;

    /** A few times what a write takes: what waits longer for others gains nothing. */
    private static final long HELD_NANOS = 20_000;

    /** How long a waiter that cannot be woken stays in one of the two lists of such. */
    private static final long ROUND_NANOS = 150_000_000;

    /** A busy executor is given so much time beyond the deadline of what it is to complete. */
    private static final long GRACE_NANOS = 50_000_000;

    private final Turns turns;
    private final Runnable wakeWoken = this::wakeWoken;

    // the I/O thread's own
    private List<@Nullable Waiter> woken = new ArrayList<>();
    private final Patience patience = new Patience();
    private final HandedOver handedOver = new HandedOver();
    private final Runnable lookAtHandedOver = this::lookAtHandedOver;

    /** Those that could not be woken, as stacks through their own links; the second has those that have stayed for a round. */
    private final AtomicReference<@Nullable Waiter> failed = new AtomicReference<>();

    private final AtomicReference<@Nullable Waiter> failedForLong = new AtomicReference<>();
    private final AtomicBoolean retrying = new AtomicBoolean();
    private final Runnable retry = this::retry;
    private volatile long roundEnds;

    /** For the calls of one engine. */
    public Wakeups(Turns turns) {
        this.turns = turns;
        turns.onSweep(this::sweep);
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

        /** When it has to have gone on, wherever that is; {@link Long#MAX_VALUE} when only its executor will do. */
        long deadline();

        /** Whether it has; asked of those with a deadline. */
        boolean hasGoneOn();

        /** The link of a list of those that could not be woken. */
        @Nullable
        Waiter nextFailed();

        /** Sets that link. */
        void nextFailed(@Nullable Waiter next);

        /** Goes on although this is one of the client's own threads, on which the executor has run the task at once. */
        default void goOnHere() {
            goOn();
        }
    }

    /** The call of a waiter has ended, on this thread. */
    public void ended(Waiter waiter) {
        try {
            if (turns.isIoThread()) {
                if (woken.isEmpty()) {
                    turns.atEndOfTurn(wakeWoken);
                }
                woken.add(waiter);
            } else if (turns.isOwnThread()) {
                turns.elsewhere(() -> wake(waiter));
            } else {
                wake(waiter);
            }
        } catch (Throwable e) {
            failed(waiter, e);
        }
    }

    /** The clock of the client. */
    public long nanos() {
        return turns.nanos();
    }

    /** Has a waiter go on by itself. */
    public void wake(Waiter waiter) {
        try {
            waiter.wake();
            if (waiter.deadline() != Long.MAX_VALUE) {
                watch(waiter);
            }
        } catch (Throwable e) {
            failed(waiter, e);
        }
    }

    /** Has a waiter go on, on this thread of its executor. */
    private void goOn(Waiter waiter) {
        try {
            waiter.goOn();
        } catch (Throwable e) {
            failed(waiter, e);
        }
    }

    private void goOnHere(Waiter waiter) {
        try {
            waiter.goOnHere();
        } catch (Throwable e) {
            failed(waiter, e);
        }
    }

    /** Has a waiter go on on a thread of the client that may run user code. */
    public void goOnElsewhere(Waiter waiter) {
        try {
            turns.elsewhere(() -> goOn(waiter));
        } catch (Throwable e) {
            failed(waiter, e);
        }
    }

    /** True on the threads of the client that have something else to do than what callers do when they go on. */
    public boolean isClientThread() {
        return turns.isClientThread();
    }

    /** A task for this waiter alone is run, by its executor or at once. */
    public void goOnInTask(Waiter waiter) {
        if (turns.isClientThread()) {
            goOnHere(waiter);
        } else {
            goOn(waiter);
        }
    }

    // ---- those that cannot be woken ----

    private void failed(Waiter waiter, Throwable e) {
        push(failed, waiter);
        turns.arm();
        turns.caught(e);
    }

    private static void push(AtomicReference<@Nullable Waiter> stack, Waiter waiter) {
        Waiter top;
        do {
            top = stack.get();
            waiter.nextFailed(top);
        } while (!stack.compareAndSet(top, waiter));
    }

    /** On the thread of the deadlines. */
    private boolean sweep(long now) {
        boolean pending = false;
        if (handedOver.isWatching()) {
            pending = true;
            turns.onIoThread(lookAtHandedOver);
        }
        if (failed.get() != null || failedForLong.get() != null) {
            pending = true;
            if (retrying.compareAndSet(false, true)) {
                try {
                    turns.elsewhere(retry);
                } catch (Throwable e) {
                    retrying.set(false);
                    throw e;
                }
            }
        }
        return pending;
    }

    /** On a thread that may run user code. */
    private void retry() {
        boolean isLastTry = turns.nanos() - roundEnds >= 0;
        Waiter old = failedForLong.getAndSet(null);
        Waiter young = failed.getAndSet(null);
        try {
            if (isLastTry) {
                roundEnds = turns.nanos() + ROUND_NANOS;
            }
            old = retry(old, isLastTry ? null : failedForLong);
            young = retry(young, isLastTry ? failedForLong : failed);
        } finally {
            // what is left if even this has thrown
            putBack(old);
            putBack(young);
            retrying.set(false);
        }
    }

    private void putBack(@Nullable Waiter first) {
        Waiter waiter = first;
        while (waiter != null) {
            Waiter next = waiter.nextFailed();
            push(failed, waiter);
            waiter = next;
        }
    }

    /** Wakes each of a list; those that cannot be woken go to a list, or go on here when there is none. */
    private @Nullable Waiter retry(@Nullable Waiter first, @Nullable AtomicReference<@Nullable Waiter> then) {
        Waiter waiter = first;
        while (waiter != null) {
            Waiter next = waiter.nextFailed();
            waiter.nextFailed(null);
            try {
                waiter.wake();
            } catch (Throwable e) {
                turns.caught(e);
                if (then != null) {
                    push(then, waiter);
                } else {
                    goOnAtLast(waiter);
                }
            }
            waiter = next;
        }
        return null;
    }

    private void goOnAtLast(Waiter waiter) {
        try {
            waiter.goOn();
        } catch (Throwable e) {
            // there is nothing better than to try again
            push(failed, waiter);
            turns.caught(e);
        }
    }

    // ---- those whose executor does not run them ----

    /** The executor has a task for a waiter, or for several. */
    private void watch(Waiter waiter) {
        if (turns.isIoThread()) {
            addHandedOver(waiter);
        } else if (!waiter.hasGoneOn()) {
            turns.onIoThread(() -> addHandedOver(waiter));
        }
    }

    /** The last reply may have come already, and the sweep rests when nothing is pending. */
    private void addHandedOver(Object handed) {
        if (handedOver.add(handed)) {
            turns.arm();
        }
    }

    private void lookAtHandedOver() {
        handedOver.takeOverdue(turns.nanos() - GRACE_NANOS, elsewhere);
    }

    /** True on the thread that takes the replies. */
    public boolean isIoThread() {
        return turns.isIoThread();
    }

    /** True on the threads of the client that run no user code. */
    public boolean isOwnThread() {
        return turns.isOwnThread();
    }

    /** Has a step run on a thread of the client that may run user code. */
    public void elsewhere(Runnable step) {
        turns.elsewhere(step);
    }

    /** What is to be thrown to the caller for something that was thrown while a call was submitted. */
    public Throwable explained(Throwable thrown) {
        return turns.explained(thrown);
    }

    /**
     * To be called before this thread waits for a future or a coroutine.
     *
     * @throws IllegalStateException on a thread of the client that what is waited for may need
     */
    public void checkMayWait() {
        if (turns.isOwnThread()) {
            throw new IllegalStateException("waiting for a call on a thread of the client's own would wait for itself");
        }
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
            wake(only);
            return;
        }
        try {
            woken = new ArrayList<>(waiters.size());
        } catch (Throwable e) {
            turns.caught(e);
            each(waiters, 0, waiters.size(), one);
            waiters.clear();
            return;
        }
        int from = 0;
        try {
            while (from < waiters.size()) {
                Object executor = executorAt(waiters, from);
                int to = from + 1;
                while (to < waiters.size() && executorAt(waiters, to) == executor) {
                    to++;
                }
                wake(waiters, executor, from, to);
                from = to;
            }
        } catch (Throwable e) {
            turns.caught(e);
            wakeLeft(waiters, from);
        }
    }

    private void wakeLeft(List<@Nullable Waiter> waiters, int from) {
        for (int index = from; index < waiters.size(); index++) {
            Waiter left = waiters.set(index, null);
            if (left != null) {
                wake(left);
            }
        }
    }

    private final Consumer<Waiter> one = this::wake;
    private final Consumer<Waiter> here = this::goOnHere;
    private final Consumer<Waiter> elsewhere = this::goOnElsewhere;

    private void wake(List<@Nullable Waiter> waiters, Object executor, int from, int to) {
        if (to - from > 1 && patience.allowsGroup()) {
            Group group;
            try {
                group = new Group(waiters, executor, from, to);
            } catch (Throwable e) {
                turns.caught(e);
                each(waiters, from, to, one);
                return;
            }
            group.handOver();
        } else {
            each(waiters, from, to, one);
        }
    }

    /** Takes each of a part of the list, and has it go on in one of the two ways, neither of which throws. */
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
    private final class Group implements Runnable, HandedOver.Task {
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
            Waiter first = waiterAt(waiters, from);
            try {
                first.execute(this);
            } catch (Throwable e) {
                // the executor refuses: each has to hear of it
                wakeEach();
                if (!(e instanceof RuntimeException)) {
                    turns.caught(e);
                }
                return;
            }
            // in a group all are of one kind
            if (first.deadline() != Long.MAX_VALUE) {
                addHandedOver(this);
            }
        }

        @Override
        public void run() {
            if (turns.isOwnThread()) {
                // an executor that runs tasks on the calling thread: it does so with each
                each(waiters, next.getAndSet(to), to, here);
                return;
            }
            Turns.Held held;
            try {
                if (!turns.soon(this::look)) {
                    wakeEach();
                    return;
                }
                held = turns.holdWrites(this);
            } catch (Throwable e) {
                turns.caught(e);
                wakeEach();
                return;
            }
            boolean isSlow = false;
            long begin = turns.nanos();
            long written = begin;
            long last = begin;
            try {
                int index;
                while ((index = next.getAndIncrement()) < to) {
                    goOn(takeFrom(waiters, index));
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
                try {
                    held.close();
                } finally {
                    shareOut(isSlow);
                }
            }
        }

        /** Hands over what is left, from the I/O thread. */
        void shareOut(boolean isSlow) {
            int rest = next.getAndSet(to);
            if (rest < to) {
                try {
                    turns.onIoThread(() -> shareOut(rest, isSlow));
                } catch (Throwable e) {
                    turns.caught(e);
                    each(waiters, rest, to, one);
                }
            }
        }

        private void shareOut(int rest, boolean isSlow) {
            if (isSlow) {
                patience.lose();
            }
            int middle = (rest + to + 1) >>> 1;
            wake(waiters, executor, rest, middle);
            if (middle < to) {
                wake(waiters, executor, middle, to);
            }
        }

        @Override
        public boolean hasBegun() {
            return next.get() > from;
        }

        @Override
        public long deadline() {
            int index = next.get();
            Waiter first = index < to ? waiters.get(index) : null;
            return first == null ? Long.MAX_VALUE : first.deadline();
        }

        @Override
        public void takeOver(Consumer<Waiter> way) {
            each(waiters, next.getAndSet(to), to, way);
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
            each(waiters, next.getAndSet(to), to, one);
        }
    }
}
