package io.cachewire.interop;

import java.math.BigDecimal;
import java.math.MathContext;

/**
 * How languages spell a double: all with the fewest digits that read back the same, each with its own idea of when to use
 * an exponent. The JDK's own text has more digits than needed up to release 18.
 */
final class Reals {
    private Reals() {}

    /**
     * A finite value as 0.d1d2d3… × 10^point.
     *
     * @param digits without zeros at either end, but for zero itself
     */
    private record Shortest(String digits, int point) {
        static Shortest of(double value) {
            if (value == 0) {
                return new Shortest("0", 1);
            }
            BigDecimal exact = new BigDecimal(Math.abs(value));
            // Up to 15 digits survive in every normal double, so shorter texts are found by cutting zeros.
            for (int precision = Math.abs(value) < Double.MIN_NORMAL ? 1 : 15; ; precision++) {
                BigDecimal rounded = exact.round(new MathContext(precision));
                if (precision >= 17 || rounded.doubleValue() == Math.abs(value)) {
                    BigDecimal bare = rounded.stripTrailingZeros();
                    String digits = bare.unscaledValue().toString();
                    return new Shortest(digits, digits.length() - bare.scale());
                }
            }
        }

        /** Without an exponent; {@code zero} stands before the point of a fraction. */
        String fixed(String zero) {
            if (point <= 0) {
                return zero + "." + "0".repeat(-point) + digits;
            }
            return point >= digits.length()
                    ? digits + "0".repeat(point - digits.length())
                    : digits.substring(0, point) + "." + digits.substring(point);
        }

        /** With an exponent; {@code fraction} follows a single digit. */
        String scientific(String fraction, char mark, int exponentDigits) {
            int exponent = point - 1;
            String amount = String.valueOf(Math.abs(exponent));
            return digits.charAt(0)
                    + (digits.length() > 1 ? "." + digits.substring(1) : fraction)
                    + mark
                    + (exponent < 0 ? '-' : '+')
                    + "0".repeat(Math.max(0, exponentDigits - amount.length()))
                    + amount;
        }
    }

    private static String sign(double value) {
        return Double.doubleToRawLongBits(value) < 0 ? "-" : "";
    }

    /** As Python's {@code repr}. */
    static String python(double value) {
        if (Double.isNaN(value)) {
            return "nan";
        }
        if (Double.isInfinite(value)) {
            return value < 0 ? "-inf" : "inf";
        }
        Shortest text = Shortest.of(value);
        if (text.point() <= -4 || text.point() > 16) {
            return sign(value) + text.scientific("", 'e', 2);
        }
        String fixed = text.fixed("0");
        return sign(value) + (fixed.indexOf('.') < 0 ? fixed + ".0" : fixed);
    }

    /** As ECMAScript's {@code String(value)}. */
    static String javascript(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return String.valueOf(value);
        }
        Shortest text = Shortest.of(value);
        String sign = value < 0 ? "-" : "";
        return sign
                + (text.point() <= -6 || text.point() > 21 ? text.scientific("", 'e', 1) : text.fixed("0"));
    }

    /** As PHP's {@code serialize}. */
    static String php(double value) {
        if (Double.isNaN(value)) {
            return "NAN";
        }
        if (Double.isInfinite(value)) {
            return value < 0 ? "-INF" : "INF";
        }
        Shortest text = Shortest.of(value);
        boolean exponent = text.point() < -3 || text.point() > 17;
        return sign(value) + (exponent ? text.scientific(".0", 'E', 1) : text.fixed("0"));
    }

    /** As php-memcached stores a double: no zero before the point. */
    static String phpMemcached(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return String.valueOf(value);
        }
        Shortest text = Shortest.of(value);
        boolean exponent = text.point() <= -4 || text.point() > text.digits().length() + 5;
        return sign(value) + (exponent ? text.scientific("", 'e', 2) : text.fixed(""));
    }
}
