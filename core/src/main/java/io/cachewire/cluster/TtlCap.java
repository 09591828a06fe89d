package io.cachewire.cluster;

import io.cachewire.protocol.Request;
import java.time.Duration;
import java.time.InstantSource;

/**
 * Shortens what would live longer than a gutter may keep it. An exptime is 0 for never, seconds up to 30 days, and above that a date.
 *
 * @param longest the longest time to live
 * @param wallClock for dates
 */
public record TtlCap(Duration longest, InstantSource wallClock) {
    private static final long LAST_RELATIVE = Duration.ofDays(30).toSeconds();

    /** The request as it may be sent to the gutter. */
    public Request capped(Request request) {
        if (request instanceof Request.Store store) {
            return new Request.Store(
                    store.opcode(), store.key(), store.data(), store.flags(), exptime(store.exptime()), store.cas());
        }
        if (request instanceof Request.Touch touch) {
            return new Request.Touch(touch.opcode(), touch.key(), exptime(touch.exptime()));
        }
        if (request instanceof Request.Arithmetic sum) {
            Request.Initial initial = sum.initial();
            Request.Initial capped =
                    initial == null ? null : new Request.Initial(initial.value(), exptime(initial.exptime()));
            return new Request.Arithmetic(sum.opcode(), sum.key(), sum.delta(), capped);
        }
        return request;
    }

    private long exptime(long asked) {
        long cap = longest.toSeconds();
        if (asked < 0) {
            return asked;
        }
        boolean isDate = asked > LAST_RELATIVE;
        long left = isDate ? asked - wallClock.instant().getEpochSecond() : asked;
        return asked == 0 || left > cap ? cap : asked;
    }
}
