package io.cachewire.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Compares the replies of two servers. They must be byte-identical; only numbers that tell a time in seconds may
 * differ by the ticks of the two clocks.
 */
final class Replies {
    private static final Pattern TIMES = Pattern.compile("(?<= [tl]|exp=|la=)-?\\d+(?=[ \\r])");
    private static final long TICKS = 2;

    private Replies() {}

    static void assertSame(String expected, String actual, String context) {
        if (expected.equals(actual)) {
            return;
        }
        assertEquals(masked(expected), masked(actual), context);
        Matcher left = TIMES.matcher(expected);
        Matcher right = TIMES.matcher(actual);
        while (left.find() && right.find()) {
            long apart = Math.abs(Long.parseLong(left.group()) - Long.parseLong(right.group()));
            if (apart > TICKS) {
                assertEquals(expected, actual, context);
            }
        }
    }

    /** For a failure's message and for comparing: everything but the times, control characters visible. */
    private static String masked(String replies) {
        return readable(TIMES.matcher(replies).replaceAll("#"));
    }

    static String readable(String text) {
        StringBuilder visible = new StringBuilder();
        for (char c : text.toCharArray()) {
            if (c == '\n') {
                visible.append("\\n\n");
            } else if (c < ' ' || c > '~') {
                visible.append(String.format("\\x%02x", (int) c));
            } else {
                visible.append(c);
            }
        }
        return visible.toString();
    }
}
