package io.cachewire.internal.observe;

import io.cachewire.ClusterView;
import io.cachewire.observe.CallEnd;
import io.cachewire.observe.CallStart;
import io.cachewire.observe.ClientEvent;
import io.cachewire.observe.ClientListener;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A user's listener, whose failures stay here: logged at most once a minute, and after {@link #LIMIT} in a row of one method it is not called any more. */
final class GuardedListener {
    /** So many failures in a row end a listener. */
    static final int LIMIT = 100;

    private static final long PAUSE_MILLIS = 60_000;
    private static final Logger LOG = LoggerFactory.getLogger(GuardedListener.class);

    private final ClientListener listener;
    private final InstantSource clock;
    private final LongAdder failures = new LongAdder();
    private final AtomicBoolean dropped = new AtomicBoolean();

    // failures in a row, for each method: one that a listener does not override succeeds always, and says nothing about
    // the others
    private final AtomicInteger starts = new AtomicInteger();
    private final AtomicInteger ends = new AtomicInteger();
    private final AtomicInteger events = new AtomicInteger();
    private final AtomicInteger clients = new AtomicInteger();
    private final AtomicLong nextLine = new AtomicLong(Long.MIN_VALUE);

    GuardedListener(ClientListener listener, InstantSource clock) {
        this.listener = listener;
        this.clock = clock;
    }

    @Nullable
    Object started(CallStart call) {
        if (dropped.get()) {
            return null;
        }
        try {
            Object token = listener.callStarted(call);
            succeeded(starts);
            return token;
        } catch (Throwable e) {
            failed(starts, e);
            return null;
        }
    }

    void ended(CallStart call, CallEnd end, @Nullable Object token) {
        if (dropped.get()) {
            return;
        }
        try {
            listener.callEnded(call, end, token);
            succeeded(ends);
        } catch (Throwable e) {
            failed(ends, e);
        }
    }

    void happened(ClientEvent event) {
        if (dropped.get()) {
            return;
        }
        try {
            listener.happened(event);
            succeeded(events);
        } catch (Throwable e) {
            failed(events, e);
        }
    }

    void opened(ClusterView servers) {
        try {
            listener.opened(servers);
        } catch (Throwable e) {
            failed(clients, e);
        }
    }

    /** Told to a listener also that is not called any more: what it has of the client it is to let go. */
    void closed(ClusterView servers) {
        try {
            listener.closed(servers);
        } catch (Throwable e) {
            failed(clients, e);
        }
    }

    private static void succeeded(AtomicInteger inARow) {
        if (inARow.get() != 0) {
            inARow.set(0);
        }
    }

    private void failed(AtomicInteger inARow, Throwable e) {
        failures.increment();
        String name = listener.getClass().getName();
        if (inARow.incrementAndGet() >= LIMIT) {
            if (dropped.compareAndSet(false, true)) {
                LOG.error("the listener {} has thrown {} times in a row and is not called any more", name, LIMIT, e);
            }
            return;
        }
        long now = clock.millis();
        long due = nextLine.get();
        if (now >= due && nextLine.compareAndSet(due, now + PAUSE_MILLIS)) {
            LOG.warn("the listener {} has thrown, {} times so far", name, failures.sum(), e);
        }
    }
}
