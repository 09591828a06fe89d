package io.cachewire.internal.observe;

import io.cachewire.ClusterView;
import io.cachewire.internal.operation.Events;
import io.cachewire.observe.ClientEvent;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Tells the listeners of a client what happens to its connections and servers, on a daemon thread that starts with the first event and ends with
 * the client. Events wait in a queue; when that is full they are dropped, counted and told as {@link ClientEvent.EventsDropped}.
 */
final class EventThread implements Events {
    /** So many events wait at most. */
    static final int CAPACITY = 1024;

    private static final AtomicInteger NUMBERS = new AtomicInteger();

    /** A listener that does not react to the interrupt is left to itself. */
    private static final long CLOSE_MILLIS = 200;

    private final Listeners listeners;
    private final BlockingQueue<ClientEvent> queue = new ArrayBlockingQueue<>(CAPACITY);
    private final AtomicLong dropped = new AtomicLong();
    private final AtomicBoolean started = new AtomicBoolean();
    private volatile @Nullable Thread thread;
    private final AtomicReference<@Nullable ClusterView> opened = new AtomicReference<>();
    private volatile boolean closed;

    EventThread(Listeners listeners) {
        this.listeners = listeners;
    }

    @Override
    public void opened(ClusterView servers) {
        opened.set(servers);
        listeners.opened(servers);
    }

    @Override
    public void tell(ClientEvent event) {
        if (closed) {
            return;
        }
        if (!queue.offer(event)) {
            dropped.incrementAndGet();
        }
        if (!started.get() && started.compareAndSet(false, true)) {
            start();
        }
    }

    private void start() {
        Thread next = new Thread(this::run, "cachewire-events-" + NUMBERS.incrementAndGet());
        next.setDaemon(true);
        thread = next;
        try {
            next.start();
        } catch (Throwable e) {
            // no memory for a thread now: the next event tries again
            thread = null;
            started.set(false);
        }
        if (closed) {
            next.interrupt();
        }
    }

    private void run() {
        while (!closed) {
            try {
                ClientEvent event = queue.take();
                long lost = dropped.getAndSet(0);
                if (lost > 0) {
                    listeners.happened(new ClientEvent.EventsDropped(lost));
                }
                if (!closed) {
                    listeners.happened(event);
                }
            } catch (InterruptedException e) {
                // closed, or a listener has left its interrupt behind
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        endThread();
        ClusterView servers = opened.getAndSet(null);
        if (servers != null) {
            listeners.closed(servers);
        }
    }

    private void endThread() {
        Thread running = thread;
        if (running == null || running == Thread.currentThread()) {
            return;
        }
        running.interrupt();
        try {
            running.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
