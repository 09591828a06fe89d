package io.cachewire.internal.connection;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private static final long MILLI = 1_000_000;
    private final Backoff backoff = new Backoff(Duration.ofMillis(50), Duration.ofSeconds(2));

    private void staysBetween(int failures, long low, long high) {
        long[] delays =
                LongStream.range(0, 1000).map(i -> backoff.delayNanos(failures)).toArray();
        for (long delay : delays) {
            assertTrue(delay >= low && delay <= high, failures + " failures: " + delay);
        }
        assertTrue(LongStream.of(delays).distinct().count() > 900, "without jitter clients return together");
    }

    @Test
    void doublesUpToTheLongestWithJitter() {
        staysBetween(1, 25 * MILLI, 50 * MILLI);
        staysBetween(2, 50 * MILLI, 100 * MILLI);
        staysBetween(5, 400 * MILLI, 800 * MILLI);
        staysBetween(7, 1000 * MILLI, 2000 * MILLI);
        staysBetween(1_000_000, 1000 * MILLI, 2000 * MILLI);
    }
}
