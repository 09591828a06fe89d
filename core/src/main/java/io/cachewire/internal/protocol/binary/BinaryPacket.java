package io.cachewire.internal.protocol.binary;

import io.cachewire.DataBlock;
import io.cachewire.KeyRules;

/** Writes the parts of a request packet: 24 bytes of header, extras, key; the value follows as the data block. */
public final class BinaryPacket {
    public static final int HEADER_BYTES = 24;

    private static final byte REQUEST = (byte) 0x80;
    private static final int KEY_LENGTH = 2;
    private static final int EXTRAS_LENGTH = 4;
    private static final int BODY_LENGTH = 8;
    private static final int OPAQUE = 12;
    private static final int CAS = 16;

    private BinaryPacket() {}

    /** Begins a packet without a body at {@code at}; returns the index behind its header, where the extras go. */
    public static int begin(int code, int opaque, byte[] out, int at) {
        for (int i = 0; i < HEADER_BYTES; i++) {
            out[at + i] = 0;
        }
        out[at] = REQUEST;
        out[at + 1] = (byte) code;
        putInt(BinaryCode.mixed(opaque, code), out, at + OPAQUE);
        return at + HEADER_BYTES;
    }

    /**
     * Ends a packet: puts the key behind the extras, and the lengths into the header.
     *
     * @param extrasEnd the index behind the extras
     * @param dataLength the length of the data block that follows
     * @return the index behind the key
     */
    public static int end(int extrasEnd, DataBlock key, int dataLength, byte[] out, int at) {
        int extras = extrasEnd - at - HEADER_BYTES;
        int keyLength = key.length();
        if (keyLength > KeyRules.MAX_BYTES) {
            // the server closes the connection over it; nothing may lead past KeyRules
            throw new IllegalArgumentException("key of " + keyLength + " bytes");
        }
        for (int i = 0; i < keyLength; i++) {
            out[extrasEnd + i] = key.at(i);
        }
        out[at + KEY_LENGTH + 1] = (byte) keyLength;
        out[at + EXTRAS_LENGTH] = (byte) extras;
        putInt(extras + keyLength + dataLength, out, at + BODY_LENGTH);
        return extrasEnd + keyLength;
    }

    /** Sets the cas unique in the header of the packet that begins at {@code at}. */
    static void putCas(long cas, byte[] out, int at) {
        putLong(cas, out, at + CAS);
    }

    static int putInt(int value, byte[] out, int at) {
        out[at] = (byte) (value >>> 24);
        out[at + 1] = (byte) (value >>> 16);
        out[at + 2] = (byte) (value >>> 8);
        out[at + 3] = (byte) value;
        return at + 4;
    }

    static int putLong(long value, byte[] out, int at) {
        return putInt((int) value, out, putInt((int) (value >>> 32), out, at));
    }

    static int getInt(byte[] in, int at) {
        return (in[at] & 0xff) << 24 | (in[at + 1] & 0xff) << 16 | (in[at + 2] & 0xff) << 8 | in[at + 3] & 0xff;
    }

    static long getLong(byte[] in, int at) {
        return (long) getInt(in, at) << 32 | getInt(in, at + 4) & 0xffff_ffffL;
    }
}
