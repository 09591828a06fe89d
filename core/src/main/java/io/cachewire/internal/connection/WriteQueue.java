package io.cachewire.internal.connection;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Requests that wait to be written: any thread adds, one at a time takes. It is the intrusive queue of many producers and one consumer
 * by D. Vyukov, over the exchanges' own links: one atomic exchange to add, none to take.
 */
public final class WriteQueue {
    private static final VarHandle LAST;

    static {
        try {
            LAST = MethodHandles.lookup().findVarHandle(WriteQueue.class, "last", Exchange.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Exchange stub = new Sentinel();

    @SuppressWarnings("unused") // through LAST
    private volatile Exchange last = stub;

    private volatile Exchange first = stub;

    /** Any thread. */
    public void add(Exchange exchange) {
        exchange.linkNext(null);
        Exchange before = (Exchange) LAST.getAndSet(this, exchange);
        try {
            before.linkNext(exchange);
        } catch (Throwable e) {
            // the stack has run out; without this link all that come later would be out of reach
            before.next = exchange;
            throw e;
        }
    }

    /** Consumer only: the oldest, or null when there is none or when the thread that adds it is not done yet. */
    public @Nullable Exchange poll() {
        Exchange exchange = first;
        Exchange following = exchange.next();
        if (exchange == stub) {
            if (following == null) {
                return null;
            }
            first = following;
            exchange = following;
            following = exchange.next();
        }
        if (following != null) {
            first = following;
            return exchange;
        }
        if (exchange != last) {
            return null;
        }
        // the last one leaves: the stub takes its place, so that no producer links behind an exchange that is in use
        // elsewhere
        add(stub);
        following = exchange.next();
        if (following == null) {
            return null;
        }
        first = following;
        return exchange;
    }

    /** Any thread: ends those whose deadline has passed. Entries that move to the pending queue meanwhile are swept there. */
    public void sweep(long now) {
        for (Exchange e = first; e != null; e = e.next()) {
            if (e != stub) {
                e.expire(now);
            }
        }
    }

    /** Any thread: fails all that are there now, without taking them. */
    public void failAll(Failure failure) {
        for (Exchange e = first; e != null; e = e.next()) {
            if (e != stub) {
                e.fail(failure);
            }
        }
    }
}
