package io.cachewire;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * When an item stops being served: never, after a time to live, or at an instant.
 *
 * <p>memcached counts whole seconds, and reads a number above 30 days as a date (protocol.txt, "Expiration times"). So a time to
 * live under one second is sent as one second, other fractions are rounded up, and one above 30 days is sent as the date it
 * means by this machine's clock. A server holds that date in 32 bits with a sign: a time to live that ends after {@link #LAST_DATE} ends
 * there.
 */
public final class Expiry {
    /** The longest time to live that the protocol takes as relative: 30 days, in seconds. */
    public static final long MAX_RELATIVE_SECONDS = 60L * 60 * 24 * 30;

    /** The last second at which an item can expire; a server loses, or refuses, an item that is to expire later. */
    public static final Instant LAST_DATE = Instant.ofEpochSecond(Integer.MAX_VALUE);

    private static final Expiry NEVER = new Expiry(0, false);

    private final long seconds;
    private final boolean absolute;

    private Expiry(long seconds, boolean absolute) {
        this.seconds = seconds;
        this.absolute = absolute;
    }

    /** The item stays until it is deleted or evicted. */
    public static Expiry never() {
        return NEVER;
    }

    /**
     * The item expires when {@code ttl} has passed, or at {@link #LAST_DATE} when that comes first.
     *
     * @param ttl above zero; rounded up to whole seconds
     * @throws IllegalRequestException when the time to live is zero, negative, or reaches beyond what 32 bits of seconds hold
     */
    public static Expiry after(Duration ttl) {
        Objects.requireNonNull(ttl, "ttl");
        if (ttl.isZero() || ttl.isNegative()) {
            throw new IllegalRequestException("a TTL must be above zero, not " + ttl
                    + "; an item that does not expire has Expiry.never(), in Kotlin a ttl of null");
        }
        long whole = ttl.getSeconds();
        if (whole > Integer.MAX_VALUE) {
            throw new IllegalRequestException("a TTL of " + ttl + " is beyond 68 years; use Expiry.never()");
        }
        return new Expiry(ttl.getNano() > 0 ? whole + 1 : whole, false);
    }

    /**
     * The item expires at {@code instant}, by the server's clock, rounded up to whole seconds. An instant that has passed makes an item that
     * is never served.
     *
     * @throws IllegalRequestException when the instant lies in the first 30 days of 1970, which the protocol would read as a
     *     time to live, before them, or after {@link #LAST_DATE}
     */
    public static Expiry at(Instant instant) {
        Objects.requireNonNull(instant, "instant");
        long epoch = instant.getEpochSecond();
        if (epoch <= MAX_RELATIVE_SECONDS || instant.isAfter(LAST_DATE)) {
            throw new IllegalRequestException("an expiry instant must lie between 1970-02-01 and " + LAST_DATE
                    + ", the last second that memcached can count to, not " + instant + "; for ever is Expiry.never()");
        }
        return new Expiry(instant.getNano() > 0 ? epoch + 1 : epoch, true);
    }

    /** True when the item does not expire by itself. */
    public boolean isNever() {
        return equals(NEVER);
    }

    /**
     * The number for the wire: 0 for never, relative seconds up to 30 days, else seconds since 1970, at most those of {@link #LAST_DATE}.
     * When that is less than 30 days away, a longer time to live becomes 30 days, which is all that can be said then.
     *
     * @param nowEpochSeconds this machine's clock, used only when a time to live is above 30 days
     */
    public long toExptime(long nowEpochSeconds) {
        if (absolute || seconds <= MAX_RELATIVE_SECONDS) {
            return seconds;
        }
        long last = LAST_DATE.getEpochSecond();
        return last - nowEpochSeconds <= MAX_RELATIVE_SECONDS
                ? MAX_RELATIVE_SECONDS
                : Math.min(nowEpochSeconds + seconds, last);
    }

    /** The time to live, or null when there is none: for never, and for an instant. */
    @Nullable
    Duration timeToLive() {
        return absolute || isNever() ? null : Duration.ofSeconds(seconds);
    }

    /** The instant, or null for never and for a time to live. */
    @Nullable
    Instant instant() {
        return absolute ? Instant.ofEpochSecond(seconds) : null;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Expiry that && seconds == that.seconds && absolute == that.absolute;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(absolute ? ~seconds : seconds);
    }

    @Override
    public String toString() {
        if (isNever()) {
            return "never";
        }
        return absolute ? "at " + Instant.ofEpochSecond(seconds) : "after " + Duration.ofSeconds(seconds);
    }
}
