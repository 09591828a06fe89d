package io.cachewire.internal.protocol.binary;

import io.cachewire.internal.protocol.Reply;

/**
 * The opcodes of the binary protocol that this client sends (BinaryProtocolRevamped, "Command Opcodes"), and the opaque that goes with
 * each. Not an enum: the bytes come from a server, and a switch over them has to have a default.
 */
public final class BinaryCode {
    static final int SET = 0x01;
    static final int ADD = 0x02;
    static final int REPLACE = 0x03;
    static final int DELETE = 0x04;
    static final int INCREMENT = 0x05;
    static final int DECREMENT = 0x06;
    static final int FLUSH = 0x08;
    static final int NOOP = 0x0a;
    static final int VERSION = 0x0b;
    public static final int GETK = 0x0c;
    static final int GETKQ = 0x0d;
    static final int APPEND = 0x0e;
    static final int PREPEND = 0x0f;
    static final int STAT = 0x10;
    static final int SETQ = 0x11;
    static final int ADDQ = 0x12;
    static final int REPLACEQ = 0x13;
    static final int DELETEQ = 0x14;
    static final int INCREMENTQ = 0x15;
    static final int DECREMENTQ = 0x16;
    static final int APPENDQ = 0x19;
    static final int PREPENDQ = 0x1a;
    static final int TOUCH = 0x1c;
    public static final int SASL_LIST = 0x20;
    public static final int SASL_AUTH = 0x21;
    public static final int SASL_STEP = 0x22;
    static final int GATK = 0x23;

    private BinaryCode() {}

    /** The loud form of a quiet opcode, or the opcode itself. */
    static int loud(int code) {
        return switch (code) {
            case GETKQ -> GETK;
            case SETQ -> SET;
            case ADDQ -> ADD;
            case REPLACEQ -> REPLACE;
            case DELETEQ -> DELETE;
            case INCREMENTQ -> INCREMENT;
            case DECREMENTQ -> DECREMENT;
            case APPENDQ -> APPEND;
            case PREPENDQ -> PREPEND;
            default -> code;
        };
    }

    /**
     * The opaque as it is written, and back. It is mixed with the opcode, so that a reply with another opcode than its request comes out
     * with an opaque that was never sent.
     *
     * @param opaque 0 or more, or {@link Reply#NO_OPAQUE}, which stays what it is
     */
    static int mixed(int opaque, int code) {
        return opaque == Reply.NO_OPAQUE ? opaque : opaque ^ code << 24;
    }
}
