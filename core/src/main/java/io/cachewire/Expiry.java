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
 * means by this machine's clock.
 */
public final class Expiry {
    /** The longest time to live that the protocol takes as relative: 30 days, in seconds. */
    public static final long MAX_RELATIVE_SECONDS = 60L * 60 * 24 * 30;

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
     * The item expires when {@code ttl} has passed.
     *
     * @param ttl above zero; rounded up to whole seconds
     * @throws IllegalRequestException when the time to live is zero, negative, or reaches beyond what 32 bits of seconds hold
     */
    public static Expiry after(Duration ttl) {
        Objects.requireNonNull(ttl, "ttl");
        if (ttl.isZero() || ttl.isNegative()) {
            throw new IllegalRequestException("a TTL must be above zero, not " + ttl);
        }
        long whole = ttl.getSeconds();
        if (whole > Integer.MAX_VALUE) {
            throw new IllegalRequestException("a TTL of " + ttl + " is beyond 68 years; use Expiry.never()");
        }
        return new Expiry(ttl.getNano() > 0 ? whole + 1 : whole, false);
    }

    /**
     * The item expires at {@code instant}, by the server's clock. An instant that has passed makes an item that is never served.
     *
     * @throws IllegalRequestException when the instant lies in the first 30 days of 1970, which the protocol would read as a
     *     time to live, before them, or after the year 2106
     */
    public static Expiry at(Instant instant) {
        Objects.requireNonNull(instant, "instant");
        long epoch = instant.getEpochSecond();
        if (epoch <= MAX_RELATIVE_SECONDS || epoch > 0xffff_ffffL) {
            throw new IllegalRequestException("an expiry instant must lie between 1970-02-01 and 2106, not " + instant);
        }
        return new Expiry(epoch, true);
    }

    /** True when the item does not expire by itself. */
    public boolean isNever() {
        return equals(NEVER);
    }

    /**
     * The number for the wire: 0 for never, relative seconds up to 30 days, else seconds since 1970.
     *
     * @param nowEpochSeconds this machine's clock, used only when a time to live is above 30 days
     */
    public long toExptime(long nowEpochSeconds) {
        return absolute || seconds <= MAX_RELATIVE_SECONDS ? seconds : nowEpochSeconds + seconds;
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
