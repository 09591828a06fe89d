package io.cachewire.embedded;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that moves when it is told to. */
final class SteppedClock implements InstantSource {
    private volatile Instant now = Instant.parse("2026-01-01T00:00:00.250Z");

    void advance(Duration step) {
        now = now.plus(step);
    }

    @Override
    public Instant instant() {
        return now;
    }
}
