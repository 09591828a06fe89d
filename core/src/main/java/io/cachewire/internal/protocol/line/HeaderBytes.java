package io.cachewire.internal.protocol.line;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.cachewire.DataBlock;
import io.cachewire.KeyRules;
import io.cachewire.internal.protocol.Reply;
import io.cachewire.internal.protocol.Request;

/** The parts of a command line that both line dialects write. Each method returns the index behind what it wrote. */
final class HeaderBytes {
    /** What ends a line and a data block. */
    static final byte[] CRLF = {'\r', '\n'};

    private static final byte[] VERSION = "version".getBytes(US_ASCII);
    private static final byte[] STATS = "stats".getBytes(US_ASCII);
    private static final byte[] FLUSH_ALL = "flush_all".getBytes(US_ASCII);
    private static final byte[] VERBOSITY = "verbosity".getBytes(US_ASCII);
    private static final int MAX_ARGUMENT = 512;

    private HeaderBytes() {}

    static int put(byte[] bytes, byte[] out, int at) {
        // a loop is faster than a call for these few bytes
        for (int i = 0; i < bytes.length; i++) {
            out[at + i] = bytes[i];
        }
        return at + bytes.length;
    }

    static int putKey(DataBlock key, byte[] out, int at) {
        int length = key.length();
        if (length == 0 || length > KeyRules.MAX_BYTES) {
            // a longer key makes the server run the data block as commands; nothing may lead past KeyRules
            throw new IllegalArgumentException("key of " + length + " bytes");
        }
        for (int i = 0; i < length; i++) {
            out[at + i] = key.at(i);
        }
        return at + length;
    }

    static int endLine(byte[] out, int at) {
        out[at] = '\r';
        out[at + 1] = '\n';
        return at + 2;
    }

    /** VERSION, STATS, FLUSH_ALL and VERBOSITY with their argument. */
    static int putServerCommand(Request request, byte[] out, int at) {
        return switch (request.opcode()) {
            case VERSION -> put(VERSION, out, at);
            case STATS -> putArgument(request, out, put(STATS, out, at));
            case FLUSH_ALL -> putArgument(request, out, put(FLUSH_ALL, out, at));
            case VERBOSITY -> putArgument(request, out, put(VERBOSITY, out, at));
            case GET,
                    GETS,
                    GET_ALL,
                    ITEM,
                    GET_AND_TOUCH,
                    TOUCH,
                    SET,
                    ADD,
                    REPLACE,
                    APPEND,
                    PREPEND,
                    CAS,
                    INCREMENT,
                    DECREMENT,
                    DELETE,
                    MARK_STALE,
                    META,
                    BASE64_KEY,
                    NOOP -> throw new IllegalArgumentException(request.opcode() + " is not a server command");
        };
    }

    /** Text that the operations have checked. */
    static int putText(String text, byte[] out, int at) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~') {
                throw new IllegalArgumentException("character " + (int) c + " in a command line");
            }
            out[at + i] = (byte) c;
        }
        return at + text.length();
    }

    private static int putArgument(Request request, byte[] out, int at) {
        String argument = ((Request.Server) request).argument();
        if (argument.isEmpty()) {
            return at;
        }
        if (argument.length() > MAX_ARGUMENT) {
            throw new IllegalArgumentException("argument of " + argument.length() + " characters");
        }
        out[at] = ' ';
        return putText(argument, out, at + 1);
    }

    /**
     * Whether a reply may end {@code stats}: {@code stats reset} and {@code stats detail on} have words of their own.
     */
    static boolean answersStats(Reply.Kind kind) {
        return kind == Reply.Kind.STATS || kind == Reply.Kind.END || kind == Reply.Kind.RESET || kind == Reply.Kind.OK;
    }
}
