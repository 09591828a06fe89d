package io.cachewire;

import io.cachewire.MemcachedException.Delivery;
import io.cachewire.RetryPolicy.Effect;
import io.cachewire.RetryPolicy.Failed;
import io.cachewire.RetryPolicy.Reason;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** The retry policies that come with the client. */
final class BuiltInRetries {
    static final RetryPolicy STANDARD = BuiltInRetries::once;
    static final RetryPolicy NEVER = failed -> null;

    private static final int MAX_RETRIES = 16;

    private BuiltInRetries() {}

    static RetryPolicy backingOff(int retries, Duration first) {
        if (retries < 1 || retries > MAX_RETRIES) {
            throw new IllegalRequestException("retries must be 1 to " + MAX_RETRIES + ", not " + retries);
        }
        if (first.isNegative() || first.isZero() || first.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalRequestException("the first wait must be above zero and at most a day, not " + first);
        }
        return new BackingOff(retries, first);
    }

    record BackingOff(int retries, Duration first) implements RetryPolicy {
        @Override
        public @Nullable Duration waitBeforeRetry(Failed failed) {
            return failed.attempts() <= retries && isHarmless(failed) ? halvedAtRandom(first, failed.attempts()) : null;
        }
    }

    private static @Nullable Duration once(Failed failed) {
        boolean lostRead = failed.effect() == Effect.READ && failed.reason() == Reason.LOST;
        return lostRead && failed.attempts() == 1 ? Duration.ZERO : null;
    }

    private static boolean isHarmless(Failed failed) {
        return failed.effect() == Effect.READ || failed.delivery() == Delivery.NOT_SENT;
    }

    private static Duration halvedAtRandom(Duration first, int attempt) {
        long full = first.multipliedBy(1L << (attempt - 1)).toNanos();
        return Duration.ofNanos(full - ThreadLocalRandom.current().nextLong(full / 2 + 1));
    }
}
