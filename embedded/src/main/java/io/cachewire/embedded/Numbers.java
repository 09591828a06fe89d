package io.cachewire.embedded;

import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Decimal numbers as memcached reads them: by C's {@code strtol} family, so white space and a sign in front are fine,
 * a blank or tab behind ends the number, and 32-bit numbers are the low half of a 64-bit one.
 */
final class Numbers {
    private static final String BLANKS = " \t\n\u000b\f\r";

    private Numbers() {}

    /** A signed 32-bit number. */
    static OptionalInt signed(String text) {
        Scan scan = Scan.of(text);
        if (!scan.whole || scan.overflow) {
            return OptionalInt.empty();
        }
        boolean smallest = scan.negative && scan.magnitude == Long.MIN_VALUE;
        if (scan.magnitude < 0 && !smallest) {
            return OptionalInt.empty();
        }
        return OptionalInt.of((int) (scan.negative ? -scan.magnitude : scan.magnitude));
    }

    /** An unsigned 32-bit number. */
    static OptionalInt unsigned(String text) {
        OptionalLong number = unsignedLong(text);
        return number.isPresent() ? OptionalInt.of((int) number.getAsLong()) : OptionalInt.empty();
    }

    /** An unsigned 64-bit number, to be read with the unsigned methods of {@link Long}. */
    static OptionalLong unsignedLong(String text) {
        Scan scan = Scan.of(text);
        if (!scan.whole || scan.overflow) {
            return OptionalLong.empty();
        }
        long number = scan.negative ? -scan.magnitude : scan.magnitude;
        // C negates modulo 2^64; a minus anywhere in the text only matters for results of 2^63 and more: -2^64+1 is 1
        return number < 0 && hasMinus(text) ? OptionalLong.empty() : OptionalLong.of(number);
    }

    private static boolean hasMinus(String text) {
        int minus = text.indexOf('-');
        int nul = text.indexOf(0);
        return minus >= 0 && (nul < 0 || minus < nul);
    }

    /** One pass over the text. */
    private static final class Scan {
        boolean negative;
        boolean overflow;
        boolean whole;
        long magnitude;

        static Scan of(String text) {
            Scan scan = new Scan();
            int at = 0;
            while (at < text.length() && BLANKS.indexOf(text.charAt(at)) >= 0) {
                at++;
            }
            if (at < text.length() && (text.charAt(at) == '-' || text.charAt(at) == '+')) {
                scan.negative = text.charAt(at) == '-';
                at++;
            }
            int first = at;
            while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
                scan.digit(text.charAt(at) - '0');
                at++;
            }
            scan.whole =
                    at > first && (at == text.length() || text.charAt(at) == 0 || BLANKS.indexOf(text.charAt(at)) >= 0);
            return scan;
        }

        private void digit(int digit) {
            long limit = Long.divideUnsigned(-1L, 10);
            int order = Long.compareUnsigned(magnitude, limit);
            if (order > 0 || (order == 0 && digit > 5)) {
                overflow = true;
            }
            magnitude = magnitude * 10 + digit;
        }
    }
}
