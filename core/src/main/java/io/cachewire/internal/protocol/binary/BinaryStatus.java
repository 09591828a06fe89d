package io.cachewire.internal.protocol.binary;

import io.cachewire.internal.protocol.Reply;
import org.jspecify.annotations.Nullable;

/**
 * The status codes of the binary protocol as replies. What a code says depends on the opcode: "exists" to an add is what the line
 * dialects call not stored. A failure that the line dialects word gets their words, so that the operations read one language; any other
 * keeps the text of the packet.
 */
final class BinaryStatus {
    static final int OK = 0x00;
    static final int CONTINUE = 0x21;

    private static final int NOT_FOUND = 0x01;
    private static final int EXISTS = 0x02;
    private static final int TOO_LARGE = 0x03;
    private static final int NOT_STORED = 0x05;
    private static final int NOT_A_NUMBER = 0x06;
    private static final int OTHER_VBUCKET = 0x07;
    private static final int UNKNOWN_COMMAND = 0x81;
    private static final int OUT_OF_MEMORY = 0x82;
    private static final int NOT_SUPPORTED = 0x83;
    private static final int INTERNAL_ERROR = 0x84;
    private static final int BUSY = 0x85;
    private static final int TRY_LATER = 0x86;

    private BinaryStatus() {}

    /**
     * The reply to a status that is not 0.
     *
     * @param code the opcode, in its loud form
     */
    static Reply failure(int code, int status, String text, int opaque) {
        Reply.Kind result = result(code, status);
        return result == null ? error(status, text, opaque) : new Reply.Status(result, opaque);
    }

    /** The result that a status is for this opcode, or null when it is a fault. */
    private static Reply.@Nullable Kind result(int code, int status) {
        boolean extending = code == BinaryCode.APPEND || code == BinaryCode.PREPEND;
        return switch (status) {
            case NOT_FOUND ->
                switch (code) {
                    case BinaryCode.GETK, BinaryCode.GATK -> Reply.Kind.END;
                    case BinaryCode.REPLACE, BinaryCode.APPEND, BinaryCode.PREPEND -> Reply.Kind.NOT_STORED;
                    case BinaryCode.STAT -> null;
                    default -> Reply.Kind.NOT_FOUND;
                };
            case EXISTS -> code == BinaryCode.ADD ? Reply.Kind.NOT_STORED : Reply.Kind.EXISTS;
            case NOT_STORED ->
                extending || code == BinaryCode.ADD || code == BinaryCode.REPLACE ? Reply.Kind.NOT_STORED : null;
            default -> null;
        };
    }

    private static Reply error(int status, String text, int opaque) {
        return switch (status) {
            case TOO_LARGE -> new Reply.Line(Reply.Kind.SERVER_ERROR, "object too large for cache", opaque);
            case NOT_A_NUMBER -> new Reply.Line(Reply.Kind.CLIENT_ERROR, Reply.NOT_A_NUMBER, opaque);
            case UNKNOWN_COMMAND, NOT_SUPPORTED -> new Reply.Line(Reply.Kind.ERROR, text, opaque);
            case NOT_STORED, OTHER_VBUCKET, OUT_OF_MEMORY, INTERNAL_ERROR, BUSY, TRY_LATER ->
                new Reply.Line(Reply.Kind.SERVER_ERROR, text, opaque);
            default -> {
                String number = "status 0x" + Integer.toHexString(status);
                yield new Reply.Line(Reply.Kind.CLIENT_ERROR, text.isEmpty() ? number : text, opaque);
            }
        };
    }
}
