package io.cachewire.serde;

import io.cachewire.DataBlock;
import io.cachewire.SerdeException;
import io.cachewire.SerdeException.Reason;
import java.nio.charset.StandardCharsets;

/**
 * Numbers as the trade stores them: ASCII decimal text, so that the server can count with them.
 *
 * <p>Blanks around the digits are let pass, because the server leaves a number its old length when decrementing makes
 * it shorter and fills up with blanks (protocol.txt, "Increment/Decrement").
 */
final class DecimalText {
    /** The longest exact decimal form of a double is shorter. */
    private static final int MAX_LENGTH = 1100;

    private DecimalText() {}

    static DataBlock of(Number value) {
        return DataBlock.wrap(value.toString().getBytes(StandardCharsets.US_ASCII));
    }

    static long toLong(DataBlock data) {
        String text = trimmed(data);
        int digits = text.startsWith("-") ? 1 : 0;
        for (int i = digits; i < text.length(); i++) {
            if (!isDigit(text.charAt(i))) {
                throw notANumber("an integer");
            }
        }
        if (digits == text.length()) {
            throw notANumber("an integer");
        }
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new SerdeException(Reason.DECODE, "the number is beyond 64 bits signed", null);
        }
    }

    static int toInt(DataBlock data) {
        long number = toLong(data);
        if ((int) number != number) {
            throw new SerdeException(Reason.DECODE, "the number is beyond 32 bits signed", null);
        }
        return (int) number;
    }

    static double toDouble(DataBlock data) {
        String text = trimmed(data);
        switch (text) {
            case "NaN", "Infinity", "-Infinity":
                return Double.parseDouble(text);
            default:
                break;
        }
        // Double.parseDouble also takes type suffixes and hexadecimal, which no client writes.
        for (int i = 0; i < text.length(); i++) {
            if (!isDigit(text.charAt(i)) && "+-.eE".indexOf(text.charAt(i)) < 0) {
                throw notANumber("a number");
            }
        }
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw notANumber("a number");
        }
    }

    static boolean looksLikeInteger(DataBlock data) {
        String text = trimmed(data);
        return text.chars().skip(text.startsWith("-") ? 1 : 0).allMatch(c -> isDigit((char) c));
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static String trimmed(DataBlock data) {
        int start = 0;
        int end = data.length();
        while (start < end && data.at(start) == ' ') {
            start++;
        }
        while (end > start && data.at(end - 1) == ' ') {
            end--;
        }
        if (end - start > MAX_LENGTH) {
            throw notANumber("a number");
        }
        StringBuilder text = new StringBuilder(end - start);
        for (int i = start; i < end; i++) {
            text.append((char) (data.at(i) & 0xff));
        }
        return text.toString();
    }

    /** No cause: the JDK's message repeats the text. */
    private static SerdeException notANumber(String expected) {
        return new SerdeException(Reason.DECODE, "the bytes are not " + expected, null);
    }
}
