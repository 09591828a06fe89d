package io.cachewire;

import java.util.HexFormat;

/**
 * Text from outside made fit for messages and logs: printable ASCII, at most 64 characters of the original.
 *
 * <p>A key may hold line breaks or escape sequences when it reaches us; a message that repeats them would forge log lines.
 */
public final class Escaped {
    private static final int MAX_SHOWN = 64;
    private static final HexFormat HEX = HexFormat.of();

    private Escaped() {}

    /** The text with everything but printable ASCII as {@code \\uXXXX}, cut with an ellipsis and the full length. */
    public static String text(CharSequence raw) {
        StringBuilder out = new StringBuilder(Math.min(raw.length(), MAX_SHOWN) + 16);
        for (int i = 0; i < raw.length() && i < MAX_SHOWN; i++) {
            char c = raw.charAt(i);
            if (c >= ' ' && c < 0x7f && c != '\\' && c != '"') {
                out.append(c);
            } else if (c == '\r') {
                out.append("\\r");
            } else if (c == '\n') {
                out.append("\\n");
            } else if (c == '\\' || c == '"') {
                out.append('\\').append(c);
            } else {
                out.append("\\u").append(HEX.toHexDigits(c));
            }
        }
        if (raw.length() > MAX_SHOWN) {
            out.append("... (").append(raw.length()).append(" characters)");
        }
        return out.toString();
    }
}
