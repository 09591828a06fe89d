package io.cachewire.internal.connection;

import io.cachewire.SerdeException;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts the values that could not be decoded and were taken for misses, and logs one of them each minute. On the threads of the callers. */
public final class UndecodableLog implements Consumer<SerdeException> {
    private static final long PAUSE_MILLIS = 60_000;
    private static final Logger LOG = LoggerFactory.getLogger(UndecodableLog.class);

    private final InstantSource clock;
    private final LongAdder count = new LongAdder();
    private final LongAdder logged = new LongAdder();
    private final AtomicLong next = new AtomicLong(Long.MIN_VALUE);

    /** A log of its own count. */
    public UndecodableLog(InstantSource clock) {
        this.clock = clock;
    }

    /** How many there were. */
    public long count() {
        return count.sum();
    }

    /** How many of them were logged. */
    long logged() {
        return logged.sum();
    }

    @Override
    public void accept(SerdeException failure) {
        count.increment();
        long now = clock.millis();
        long due = next.get();
        if (now >= due && next.compareAndSet(due, now + PAUSE_MILLIS)) {
            logged.increment();
            LOG.warn(
                    "a value that cannot be decoded is taken for a miss, {} so far: {}",
                    count.sum(),
                    failure.getMessage());
        }
    }
}
