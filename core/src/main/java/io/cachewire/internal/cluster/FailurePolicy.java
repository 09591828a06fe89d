package io.cachewire.internal.cluster;

import io.cachewire.FailureMode;
import io.cachewire.Gutter;
import io.cachewire.RetryPolicy;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * What a cluster does when servers fail.
 *
 * @param mode where the keys of a dead server live meanwhile
 * @param failureLimit so many failures in a row make a server dead
 * @param countedTimeout a shorter time-out says nothing about the server
 * @param gutter the spare pool, or null without one
 * @param retries which calls are sent again
 * @param wallClock for expiry dates of items in the gutter
 */
public record FailurePolicy(
        FailureMode mode,
        int failureLimit,
        Duration countedTimeout,
        @Nullable Gutter gutter,
        RetryPolicy retries,
        InstantSource wallClock) {}
