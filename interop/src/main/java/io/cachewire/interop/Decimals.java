package io.cachewire.interop;

import io.cachewire.DataBlock;
import io.cachewire.SerdeException;
import io.cachewire.SerdeException.Reason;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Numbers as decimal text. Integers are {@code Long}, or {@code BigInteger} beyond 64 bits. Blanks behind a number are let
 * pass, because the server leaves some when it counts down.
 */
final class Decimals {
    /** Reading a number takes time by the square of its length. */
    static final int MAX_DIGITS = 10_000;

    private static final Set<Class<?>> INTEGERS =
            Set.of(Byte.class, Short.class, Integer.class, Long.class, BigInteger.class);

    private Decimals() {}

    static boolean isNumber(Class<?> type) {
        return INTEGERS.contains(type) || type == Float.class || type == Double.class;
    }

    /** The value as an integer, or null when it is none. */
    static @Nullable BigInteger asInteger(Object value) {
        if (value instanceof BigInteger big) {
            return big;
        }
        return INTEGERS.contains(value.getClass()) ? BigInteger.valueOf(((Number) value).longValue()) : null;
    }

    /** A {@code Long} where it fits. */
    static Number narrowed(BigInteger value) {
        return value.bitLength() <= 63 ? (Number) value.longValue() : value;
    }

    static Object integer(DataBlock data) {
        return integer(text(data));
    }

    static Number integer(String text) {
        if (!isInteger(text)) {
            throw notANumber("an integer");
        }
        if (text.length() > MAX_DIGITS) {
            throw new SerdeException(Reason.LIMIT, "the number has more than " + MAX_DIGITS + " digits", null);
        }
        return text.length() <= 18 ? (Number) Long.parseLong(text) : narrowed(new BigInteger(text));
    }

    static boolean isInteger(String text) {
        int sign = text.startsWith("-") || text.startsWith("+") ? 1 : 0;
        return text.length() > sign && text.chars().skip(sign).allMatch(Decimals::isDigit);
    }

    static Object real(DataBlock data) {
        return real(text(data));
    }

    static double real(String text) {
        switch (text) {
            case "NaN", "nan", "NAN", "-nan":
                return Double.NaN;
            case "Infinity", "inf", "INF":
                return Double.POSITIVE_INFINITY;
            case "-Infinity", "-inf", "-INF":
                return Double.NEGATIVE_INFINITY;
            default:
                break;
        }
        // Double.parseDouble also takes type suffixes and hexadecimal, which no client writes.
        if (text.length() > MAX_DIGITS || !text.chars().allMatch(c -> isDigit(c) || "+-.eE".indexOf(c) >= 0)) {
            throw notANumber("a number");
        }
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            // No cause: the JDK's message repeats the text.
            throw notANumber("a number");
        }
    }

    /** An integer where there is neither point nor exponent. */
    static Object number(DataBlock data) {
        String text = text(data);
        return isInteger(text) ? integer(text) : (Object) real(text);
    }

    static Object bool(DataBlock data) {
        return switch (text(data)) {
            case "1", "true", "True" -> true;
            case "", "0", "false", "False" -> false;
            default -> throw new SerdeException(Reason.DECODE, "the bytes are not a boolean", null);
        };
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    private static String text(DataBlock data) {
        String text = new String(data.toByteArray(), StandardCharsets.ISO_8859_1);
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == ' ') {
            end--;
        }
        return text.substring(0, end);
    }

    private static SerdeException notANumber(String expected) {
        return new SerdeException(Reason.DECODE, "the bytes are not " + expected, null);
    }
}
