package io.cachewire.internal.connection;

import org.jspecify.annotations.Nullable;

/**
 * Requests that were written, in the order of their bytes. One writer adds, one reader takes, any thread may {@link #sweep}; nobody
 * waits for anybody. The links are the exchanges' own, so that nothing is allocated.
 *
 * <p>The exchange taken last stays linked as the start of the list until the next one is taken; it holds no request by then.
 */
public final class PendingQueue {
    private volatile Exchange head;
    private Exchange tail;

    /** An empty queue. */
    public PendingQueue() {
        head = new Sentinel();
        tail = head;
    }

    /** Writer only: the exchange's bytes come behind all others'. */
    public void add(Exchange exchange) {
        exchange.linkNext(null);
        tail.linkNext(exchange);
        tail = exchange;
    }

    /** Reader only: the oldest exchange, which stays. */
    public @Nullable Exchange peek() {
        return head.next();
    }

    /** Reader only: the oldest exchange, which leaves the queue. */
    public @Nullable Exchange poll() {
        Exchange first = head.next();
        if (first != null) {
            head = first;
        }
        return first;
    }

    /** Any thread: whether everything written has been answered, at the moment of the look. */
    public boolean isEmpty() {
        return head.next() == null;
    }

    /** Any thread: ends those whose deadline has passed; they keep their places. */
    public void sweep(long now) {
        for (Exchange e = head.next(); e != null; e = e.next()) {
            e.expire(now);
        }
    }

    /** Any thread: fails all that are there now, without taking them. */
    public void failAll(Failure failure) {
        for (Exchange e = head.next(); e != null; e = e.next()) {
            e.fail(failure);
        }
    }
}
