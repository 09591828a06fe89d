package io.cachewire.internal.cluster;

import io.cachewire.internal.protocol.Request;
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
        if (request instanceof Request.Meta meta) {
            return new Request.Meta(meta.verb(), meta.key(), meta.data(), metaFlags(meta));
        }
        if (request instanceof Request.Base64 wrapped) {
            return new Request.Base64(capped(wrapped.encoded()), wrapped.key());
        }
        return request;
    }

    /** T is the exptime that a command sets, N that of an item which it makes; a store without T would live for ever. */
    private String metaFlags(Request.Meta meta) {
        StringBuilder flags = new StringBuilder();
        boolean sets = false;
        for (String flag : meta.flags().split(" ", -1)) {
            boolean exptime = flag.startsWith("T") || flag.startsWith("N");
            sets |= flag.startsWith("T");
            String capped = exptime ? flag.charAt(0) + Long.toString(exptime(Long.parseLong(flag.substring(1)))) : flag;
            flags.append(flag.isEmpty() ? "" : " " + capped);
        }
        return sets || meta.verb() != Request.MetaVerb.SET ? flags.toString() : flags + " T" + longest.toSeconds();
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
