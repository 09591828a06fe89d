package io.cachewire.internal.call;

import io.cachewire.ConnectionLostException;
import io.cachewire.MemcachedException;
import io.cachewire.MemcachedException.Delivery;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.CancellationException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * What a face waits on: one operation, or several taken together, from submission to result. It ends exactly once. The raw outcome is set by
 * the engine, on the I/O thread as a rule; {@link #result} turns it into the caller's value on the caller's thread, so that no serde runs
 * anywhere else.
 *
 * @param <R> type of the result
 */
public abstract class Call<R extends @Nullable Object> {
    private static final VarHandle OUTCOME;
    private static final VarHandle WAITER;
    private static final Object CANCELLED = "cancelled";
    private static final Object WOKEN = "woken";

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            OUTCOME = lookup.findVarHandle(Call.class, "outcome", Object.class);
            WAITER = lookup.findVarHandle(Call.class, "waiter", Object.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile @Nullable Object outcome;

    /** Null, the one listener or parked thread, or WOKEN once it has been told. */
    @SuppressWarnings("unused") // through WAITER
    private volatile @Nullable Object waiter;

    /** A call that has not ended. */
    protected Call() {}

    /** Told once when a call has ended, on the thread that ended it: no blocking, no throwing, no user code. */
    @FunctionalInterface
    public interface Listener {
        /** The call has a result, or was cancelled. */
        void ended();
    }

    /** True when {@link #result} will not throw {@link IllegalStateException}. */
    public final boolean isDone() {
        return outcome != null;
    }

    /** True when {@link #cancel} was the first to end the call. */
    public final boolean isCancelled() {
        return outcome == CANCELLED;
    }

    /**
     * The caller lets go: what was not written will not be; of what was written the reply is dropped.
     *
     * @return false when the call had ended before
     */
    public final boolean cancel() {
        if (!end(CANCELLED)) {
            abandoned();
            return false;
        }
        withdraw();
        return true;
    }

    /**
     * Has the listener told when the call ends, at once when it has ended. There is one waiter per call: a listener, or a thread in
     * {@link #await}.
     */
    public final void onEnd(Listener listener) {
        if (outcome != null || !WAITER.compareAndSet(this, null, listener)) {
            listener.ended();
        }
    }

    /**
     * Waits for the end. The engine ends every call by its deadline, so no time is given here.
     *
     * @throws InterruptedException when the thread is interrupted, before or during the wait; the call goes on
     */
    public final void await() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (outcome == null && WAITER.compareAndSet(this, null, Thread.currentThread())) {
            while (outcome == null) {
                LockSupport.park(this);
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
            }
        }
    }

    /**
     * The result, decoded here and now.
     *
     * @throws io.cachewire.MemcachedException when the call failed
     * @throws CancellationException when it was cancelled
     * @throws IllegalStateException when it has not ended
     */
    public final R result() {
        Object ended = outcome;
        if (ended == null) {
            throw new IllegalStateException("the call has not ended");
        }
        if (ended == CANCELLED) {
            throw new CancellationException("the call was cancelled");
        }
        if (ended instanceof Throwable thrown) {
            throw told(thrown);
        }
        return decode(ended);
    }

    /** As {@link #result()}, where the thread is not that of the caller: with the context class loader that {@link #callersLoader} has given. */
    public final R result(@Nullable ClassLoader loader) {
        Thread thread = Thread.currentThread();
        ClassLoader own = thread.getContextClassLoader();
        if (own == loader) {
            return result();
        }
        thread.setContextClassLoader(loader);
        try {
            return result();
        } finally {
            thread.setContextClassLoader(own);
        }
    }

    /** The context class loader of this thread, to be kept while a call is made whose value is decoded on another one. */
    public static @Nullable ClassLoader callersLoader() {
        return Thread.currentThread().getContextClassLoader();
    }

    /** What the call has ended with, or null. */
    protected final @Nullable Object outcome() {
        return outcome;
    }

    private static MemcachedException told(Throwable thrown) {
        return thrown instanceof MemcachedException known
                ? known
                : new ConnectionLostException(
                        "the client has failed: " + thrown, Delivery.INDETERMINATE, null, null, thrown);
    }

    /**
     * Ends the call because something was thrown that has kept it from going its way, an Error as a rule. Needs no memory.
     *
     * @return false when the call had ended before
     */
    public final boolean broke(Throwable thrown) {
        return end(thrown);
    }

    /** Sets the outcome; false when the call had ended before. */
    protected final boolean end(Object with) {
        if (outcome != null || !OUTCOME.compareAndSet(this, null, with)) {
            return false;
        }
        Object waiting = WAITER.getAndSet(this, WOKEN);
        if (waiting instanceof Thread thread) {
            LockSupport.unpark(thread);
        } else if (waiting instanceof Listener listener) {
            listener.ended();
        }
        return true;
    }

    /**
     * When the call is over at the latest, on the clock of the client, in nanoseconds; {@link Long#MAX_VALUE} when it has no time limit of its own.
     */
    public long deadline() {
        return Long.MAX_VALUE;
    }

    /** Takes back what the cancelled call has in flight. */
    protected abstract void withdraw();

    /** The call had ended when the caller cancelled it: its result may never be taken. Called on the thread of the caller, perhaps more than once. */
    protected void abandoned() {}

    /** Turns the outcome given to {@link #end} into the result, on the caller's thread. */
    protected abstract R decode(Object ended);
}
