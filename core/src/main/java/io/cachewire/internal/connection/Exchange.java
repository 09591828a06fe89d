package io.cachewire.internal.connection;

import io.cachewire.DataBlock;
import io.cachewire.MemcachedException.Delivery;
import io.cachewire.internal.protocol.Reply;
import io.cachewire.internal.protocol.Request;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One request in flight on one connection, and how it ended.
 *
 * <p>It ends exactly once: by a reply, by a failure, or because its caller let go of it. A caller lets go by {@link #cancel}: a
 * request that is still queued is withdrawn and never written; one that is written keeps its place among the pending ones, and its
 * reply is read and dropped. The callbacks run on whichever thread ended the exchange, the I/O thread as a rule: they must not block,
 * throw, or run user code.
 */
public abstract class Exchange {
    /** Where an exchange stands. */
    public enum State {
        /** Waiting to be written. */
        QUEUED,
        /** Given to the socket; the reply is awaited. */
        WRITTEN,
        /** Ended before it was written; the writer passes over it. */
        WITHDRAWN,
        /** Ended after it was written; the reader drops its reply. */
        ABANDONED,
        /** The reply was delivered, or the connection ended it. */
        DONE
    }

    private static final VarHandle STATE;
    private static final VarHandle NEXT;
    private static final VarHandle BUDGET;

    /** Made once: when memory has run out, deadlines must still be told. */
    private static final Failure EXPIRED_UNSENT =
            new Failure(Failure.Kind.TIMEOUT, Delivery.NOT_SENT, "timed out before the request was written", null);

    private static final Failure EXPIRED =
            new Failure(Failure.Kind.TIMEOUT, Delivery.INDETERMINATE, "timed out waiting for the reply", null);

    /** Room that a request takes beside its data block: header, objects. */
    private static final int BASE_COST = 256;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            STATE = lookup.findVarHandle(Exchange.class, "state", State.class);
            NEXT = lookup.findVarHandle(Exchange.class, "next", Exchange.class);
            BUDGET = lookup.findVarHandle(Exchange.class, "budget", Budget.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final long deadline;
    private final int cost;
    private @Nullable Request request;

    /** Where the exchange's share is to be given back, once, by whoever ends it. */
    @SuppressWarnings("UnusedVariable") // through BUDGET
    private volatile @Nullable Budget budget;

    /** The part of the cost that was taken from the client's memory; written before the budget, and read by whoever got that. */
    private int borrowed;

    private int opaque;

    private volatile State state = State.QUEUED;

    /** The link of whichever queue holds this exchange; there is never more than one. */
    @SuppressWarnings("UnusedVariable") // through NEXT
    volatile @Nullable Exchange next;

    /**
     * An exchange that waits to be submitted.
     *
     * @param deadline on the clock of the client, in nanoseconds
     */
    protected Exchange(Request request, long deadline) {
        this.request = request;
        this.deadline = deadline;
        DataBlock data = request.data();
        this.cost = BASE_COST + (data == null ? 0 : data.length());
    }

    /** The reply is here; it has been matched to the request. */
    protected abstract void onReply(Reply reply);

    /** The exchange ended without a reply. */
    protected abstract void onFailure(Failure failure);

    /**
     * {@link #onReply} or {@link #onFailure} has thrown, usually an Error: the waiting caller must be told. It must not need memory.
     */
    protected void onError(Throwable error) {}

    /** Tells the waiting caller the failure when the thread that ended this exchange ran out of stack before it could. */
    public void retell(Failure failure) {}

    /** True for a request in its quiet form, which is over when it is written. */
    protected boolean isQuiet() {
        return false;
    }

    /** Where it stands now. */
    public final State state() {
        return state;
    }

    /** When it has to be over, on the clock of the client, in nanoseconds. */
    public final long deadline() {
        return deadline;
    }

    /** Bytes that count against the bound on pending bytes. */
    final int cost() {
        return cost;
    }

    /** Takes its share of a connection's budget; false when there is none left, or when the caller has let go already. */
    public final boolean admit(Budget from) {
        if (!from.tryTake(cost)) {
            return false;
        }
        // requests without a data block are few bytes, and bounded by their number
        int loan = cost > BASE_COST ? from.borrow(cost) : 0;
        if (loan < 0) {
            from.giveBack(cost);
            return false;
        }
        borrowed = loan;
        budget = from;
        if (state != State.QUEUED) {
            // a cancel that came before the budget was there could not give it back
            release();
            return false;
        }
        return true;
    }

    /**
     * The caller lets go. Nothing is called back.
     *
     * @return what is known about the request: withdrawn, perhaps carried out, or answered before
     */
    public final Delivery cancel() {
        if (STATE.compareAndSet(this, State.QUEUED, State.WITHDRAWN)) {
            release();
            return Delivery.NOT_SENT;
        }
        return STATE.compareAndSet(this, State.WRITTEN, State.ABANDONED) || state == State.ABANDONED
                ? Delivery.INDETERMINATE
                : Delivery.ANSWERED;
    }

    /** Ends the exchange when its deadline has passed. */
    public final void expire(long now) {
        if (deadline - now > 0) {
            return;
        }
        if (STATE.compareAndSet(this, State.QUEUED, State.WITHDRAWN)) {
            release();
            tell(EXPIRED_UNSENT);
        } else if (STATE.compareAndSet(this, State.WRITTEN, State.ABANDONED)) {
            tell(EXPIRED);
        }
    }

    private void tell(Failure failure) {
        try {
            onFailure(failure);
        } catch (Throwable e) {
            onError(e);
        }
    }

    /** The writer takes the request, unless its caller was faster. */
    public final @Nullable Request take(int token) {
        opaque = token;
        return STATE.compareAndSet(this, State.QUEUED, State.WRITTEN) ? request : null;
    }

    /** The request that was taken; only for the reader, and only before {@link #complete}. */
    final Request request() {
        return Objects.requireNonNull(request);
    }

    public final int opaque() {
        return opaque;
    }

    /** The reader has the reply: it is delivered, or dropped when nobody waits any more. */
    public final void complete(Reply reply) {
        boolean awaited = STATE.compareAndSet(this, State.WRITTEN, State.DONE);
        release();
        if (awaited) {
            try {
                onReply(reply);
            } catch (Throwable e) {
                onError(e);
            }
        }
    }

    /** The connection is gone, or refused the exchange. */
    public final void fail(Failure failure) {
        boolean unsent = STATE.compareAndSet(this, State.QUEUED, State.DONE);
        boolean awaited = unsent || STATE.compareAndSet(this, State.WRITTEN, State.DONE);
        if (awaited || state == State.ABANDONED) {
            release();
        }
        if (awaited) {
            tell(unsent ? unsent(failure) : failure);
        }
    }

    private static Failure unsent(Failure failure) {
        try {
            return failure.notSent();
        } catch (Throwable e) {
            return failure;
        }
    }

    /** A finished exchange may stay linked in a queue for a while: it must not hold on to values. */
    private void release() {
        Budget from = (Budget) BUDGET.getAndSet(this, null);
        request = null;
        if (from != null) {
            from.giveBack(cost);
            from.repay(borrowed);
        }
    }

    final @Nullable Exchange next() {
        return (Exchange) NEXT.getAcquire(this);
    }

    final void linkNext(@Nullable Exchange exchange) {
        NEXT.setRelease(this, exchange);
    }
}
