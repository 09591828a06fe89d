package io.cachewire.internal.protocol.line;

import io.cachewire.internal.protocol.Reply;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The replies that are one line of words (protocol.txt): the classic text dialect's, and those to server commands and
 * errors, which both line dialects share. Each method gives null for a line that it does not know.
 */
final class StatusLines {
    private static final byte[] END = word("END");
    private static final byte[] STORED = word("STORED");
    private static final byte[] NOT_STORED = word("NOT_STORED");
    private static final byte[] EXISTS = word("EXISTS");
    private static final byte[] NOT_FOUND = word("NOT_FOUND");
    private static final byte[] DELETED = word("DELETED");
    private static final byte[] TOUCHED = word("TOUCHED");
    private static final byte[] OK = word("OK");
    private static final byte[] RESET = word("RESET");
    private static final byte[] VERSION = word("VERSION");
    private static final byte[] ERROR = word("ERROR");
    private static final byte[] CLIENT_ERROR = word("CLIENT_ERROR");
    private static final byte[] SERVER_ERROR = word("SERVER_ERROR");
    private static final byte[] STAT = word("STAT");
    private static final byte[] PREFIX = word("PREFIX");
    private static final byte[] ITEM = word("ITEM");

    private static final Reply END_REPLY = bare(Reply.Kind.END);
    private static final Reply STORED_REPLY = bare(Reply.Kind.STORED);
    private static final Reply NOT_STORED_REPLY = bare(Reply.Kind.NOT_STORED);
    private static final Reply EXISTS_REPLY = bare(Reply.Kind.EXISTS);
    private static final Reply NOT_FOUND_REPLY = bare(Reply.Kind.NOT_FOUND);
    private static final Reply DELETED_REPLY = bare(Reply.Kind.DELETED);
    private static final Reply TOUCHED_REPLY = bare(Reply.Kind.TOUCHED);
    private static final Reply OK_REPLY = bare(Reply.Kind.OK);
    private static final Reply RESET_REPLY = bare(Reply.Kind.RESET);

    private StatusLines() {}

    private static byte[] word(String word) {
        return word.getBytes(StandardCharsets.US_ASCII);
    }

    private static Reply bare(Reply.Kind kind) {
        return new Reply.Status(kind, Reply.NO_OPAQUE);
    }

    /** The results of commands on items in the text dialect; the line has two bytes or more. */
    static @Nullable Reply text(byte[] line, int from, int to) {
        return switch (line[from] << 8 | line[from + 1]) {
            case 'S' << 8 | 'T' -> is(line, from, to, STORED) ? STORED_REPLY : null;
            case 'D' << 8 | 'E' -> is(line, from, to, DELETED) ? DELETED_REPLY : null;
            case 'T' << 8 | 'O' -> is(line, from, to, TOUCHED) ? TOUCHED_REPLY : null;
            case 'E' << 8 | 'X' -> is(line, from, to, EXISTS) ? EXISTS_REPLY : null;
            case 'N' << 8 | 'O' -> {
                if (is(line, from, to, NOT_FOUND)) {
                    yield NOT_FOUND_REPLY;
                }
                yield is(line, from, to, NOT_STORED) ? NOT_STORED_REPLY : null;
            }
            default -> null;
        };
    }

    /** {@code END}, {@code OK}, {@code RESET}, {@code VERSION} and error lines. */
    static @Nullable Reply server(byte[] line, int from, int to) {
        if (isEnd(line, from, to)) {
            return END_REPLY;
        }
        if (is(line, from, to, OK)) {
            return OK_REPLY;
        }
        if (is(line, from, to, RESET)) {
            return RESET_REPLY;
        }
        if (hasWord(line, from, to, VERSION)) {
            return new Reply.Line(Reply.Kind.VERSION, behind(line, from, to, VERSION));
        }
        return error(line, from, to);
    }

    /** {@code ERROR}, {@code CLIENT_ERROR} and {@code SERVER_ERROR}, which may stand in place of any line. */
    static @Nullable Reply error(byte[] line, int from, int to) {
        if (hasWord(line, from, to, SERVER_ERROR)) {
            return new Reply.Line(Reply.Kind.SERVER_ERROR, behind(line, from, to, SERVER_ERROR));
        }
        if (hasWord(line, from, to, CLIENT_ERROR)) {
            return new Reply.Line(Reply.Kind.CLIENT_ERROR, behind(line, from, to, CLIENT_ERROR));
        }
        if (hasWord(line, from, to, ERROR)) {
            return new Reply.Line(Reply.Kind.ERROR, behind(line, from, to, ERROR));
        }
        return null;
    }

    /** Whether the server did not take the command for a good one; a number that is none is the item's fault. */
    static boolean isRefusal(Reply reply) {
        return (reply.kind() == Reply.Kind.ERROR || reply.kind() == Reply.Kind.CLIENT_ERROR)
                && !((Reply.Line) reply).isNotANumber();
    }

    static boolean isEnd(byte[] line, int from, int to) {
        return is(line, from, to, END);
    }

    /**
     * Whether the line is one of statistics; {@code stats detail dump} has {@code PREFIX}, {@code stats cachedump}
     * {@code ITEM}.
     */
    static boolean isStat(byte[] line, int from, int to) {
        return hasWord(line, from, to, STAT) || hasWord(line, from, to, PREFIX) || hasWord(line, from, to, ITEM);
    }

    private static boolean is(byte[] line, int from, int to, byte[] word) {
        return Arrays.equals(line, from, to, word, 0, word.length);
    }

    private static boolean hasWord(byte[] line, int from, int to, byte[] word) {
        int wordEnd = from + word.length;
        return wordEnd <= to
                && (wordEnd == to || line[wordEnd] == ' ')
                && Arrays.equals(line, from, wordEnd, word, 0, word.length);
    }

    private static String behind(byte[] line, int from, int to, byte[] word) {
        int start = Math.min(to, from + word.length + 1);
        return new String(line, start, to - start, StandardCharsets.UTF_8);
    }
}
