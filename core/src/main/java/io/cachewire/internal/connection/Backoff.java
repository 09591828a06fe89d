package io.cachewire.internal.connection;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The waits between attempts to connect: doubling from the first to the longest, each shortened by a random part of up to a half, so
 * that clients that lost a server together do not return together.
 *
 * @param first the wait after the first failure
 * @param longest no wait is longer
 */
public record Backoff(Duration first, Duration longest) {
    private static final int MAX_DOUBLINGS = 16;

    /** The wait in nanoseconds after so many failures in a row, 1 or more. */
    public long delayNanos(int failures) {
        int doublings = Math.min(Math.max(failures - 1, 0), MAX_DOUBLINGS);
        long full = Math.min(first.toNanos() << doublings, longest.toNanos());
        return full - ThreadLocalRandom.current().nextLong(full / 2 + 1);
    }
}
