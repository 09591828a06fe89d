package io.cachewire.internal.call;

import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The turns of the I/O thread: in each it takes the replies that are there, and then does what was put off to the end. None of the steps that are
 * given here may block or throw.
 */
public interface Turns {
    /** True on the thread that takes the replies. */
    boolean isIoThread();

    /** True on the threads of the client that run no user code and wait for nothing: the one that takes the replies, and that of the deadlines. */
    boolean isOwnThread();

    /** True on those and on the threads of the client for what may block, which are not there for callers that go on. */
    boolean isClientThread();

    /** Has a step run on a thread of the client that may run user code, and may be kept busy by it. */
    void elsewhere(Runnable step);

    /** Something was thrown that must not get any further; throws nothing. */
    void caught(Throwable thrown);

    /** What is to be thrown to the caller for something that was thrown while a call was submitted. */
    Throwable explained(Throwable thrown);

    /** Has this run by every sweep of deadlines from now on, on their thread: true while there is something to wait for. */
    void onSweep(LongPredicate step);

    /** There is something to wait for. Needs no memory. */
    void arm();

    /** On the I/O thread only: has a step run when all replies that are there now have been taken. */
    void atEndOfTurn(Runnable step);

    /** Has a step run on the I/O thread; on this one when that has ended. */
    void onIoThread(Runnable step);

    /**
     * Has a step run within a few milliseconds, on the thread that sweeps deadlines, or when the client is closed.
     *
     * @return false when the client was closed already; the step is not run then
     */
    boolean soon(Runnable step);

    /** The monotonic clock of the client, in nanoseconds. */
    long nanos();

    /**
     * Lets this thread keep back requests, so that many go out in one write, until what is returned is closed. What is kept back longer than a
     * few milliseconds, because the thread is kept busy, is written by another.
     *
     * @param owner what {@link Held#owner} gives
     */
    Held holdWrites(Object owner);

    /** What this thread keeps back, or null when it is not to. */
    @Nullable
    Held heldWrites();

    /** Requests that a thread keeps back for a moment; for that thread only. */
    interface Held extends AutoCloseable {
        /** Who has the thread keep them back. */
        Object owner();

        /** Whether what is submitted from here on may be kept back: no caller may then wait for it on this thread. */
        void hold(boolean holds);

        /** Writes all of it. */
        void write();

        /** Writes all of it; this thread keeps nothing back any more. */
        @Override
        void close();
    }
}
