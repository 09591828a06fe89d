package io.cachewire.embedded;

import java.time.InstantSource;

/**
 * The server's time in whole seconds since a moment shortly before it started, and the rule that turns an exptime of
 * the wire into it.
 *
 * <p>memcached counts from 62 seconds before its start, so that "in the past" is a positive number; the count shows in
 * the {@code t} of an item that has expired already, which is why this clock does the same.
 */
final class ServerClock {
    /** The moment that stands for "already over". */
    static final int PAST = 1;

    private static final int LEAD_SECONDS = 62;
    private static final int LONGEST_RELATIVE = 60 * 60 * 24 * 30;

    private final InstantSource source;
    private final long startMillis;

    ServerClock(InstantSource source) {
        this.source = source;
        this.startMillis = source.millis();
    }

    int now() {
        return (int) (uptime() + LEAD_SECONDS);
    }

    long uptime() {
        return Math.floorDiv(source.millis() - startMillis, 1000L);
    }

    long unixTime() {
        return Math.floorDiv(source.millis(), 1000L);
    }

    /** A moment of this clock as seconds since 1970. */
    long unixTime(int moment) {
        return epoch() + moment;
    }

    /**
     * When an item with this exptime is over: 0 never, negative at once, up to 30 days from now, and anything more is
     * seconds since 1970.
     */
    int moment(int exptime) {
        if (exptime == 0) {
            return 0;
        }
        if (exptime < 0) {
            return PAST;
        }
        if (exptime <= LONGEST_RELATIVE) {
            return now() + exptime;
        }
        return exptime <= epoch() ? PAST : (int) (exptime - epoch());
    }

    private long epoch() {
        return Math.floorDiv(startMillis, 1000L) - LEAD_SECONDS;
    }
}
