package io.cachewire.internal.protocol;

import io.cachewire.DataBlock;
import java.nio.ByteBuffer;

/** Writes packets as a server would, right or wrong: every field of the header can be set. */
public final class BinaryReplies {
    private static final int HEADER_BYTES = 24;

    private final ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
    private byte[] body = {};

    private BinaryReplies(int code, int opaque) {
        header.put(0, (byte) 0x81).put(1, (byte) code).putInt(12, opaque == Reply.NO_OPAQUE ? -1 : opaque ^ code << 24);
    }

    /** A reply to a request that was sent with this opcode and this opaque. */
    public static BinaryReplies to(int code, int opaque) {
        return new BinaryReplies(code, opaque);
    }

    /** An item, as {@code GETK} and {@code GATK} show it. */
    public static byte[] item(int code, int opaque, String key, int flags, long cas, byte[] data) {
        return to(code, opaque)
                .cas(cas)
                .body(ByteBuffer.allocate(4).putInt(flags).array(), key, data)
                .bytes();
    }

    /** A failure with its text. */
    public static byte[] failure(int code, int opaque, int status, String text) {
        return to(code, opaque).status(status).value(text).bytes();
    }

    /** A reply without a body. */
    public static byte[] done(int code, int opaque) {
        return to(code, opaque).bytes();
    }

    /** One line of statistics, or their end when both are empty. */
    public static byte[] stat(int opaque, String name, String value) {
        return to(0x10, opaque)
                .body(new byte[0], name, ReplyReading.bytes(value))
                .bytes();
    }

    /** Sets the status. */
    public BinaryReplies status(int status) {
        header.putShort(6, (short) status);
        return this;
    }

    /** Sets the cas unique. */
    public BinaryReplies cas(long cas) {
        header.putLong(16, cas);
        return this;
    }

    /** Sets the body to a value alone. */
    public BinaryReplies value(String value) {
        return body(new byte[0], "", ReplyReading.bytes(value));
    }

    /** Sets the body and its lengths. */
    public BinaryReplies body(byte[] extras, String key, byte[] value) {
        body = ByteBuffer.allocate(extras.length + key.length() + value.length)
                .put(extras)
                .put(ReplyReading.bytes(key))
                .put(value)
                .array();
        header.put(4, (byte) extras.length).putShort(2, (short) key.length()).putInt(8, body.length);
        return this;
    }

    /** Sets one byte of the header. */
    public BinaryReplies with(int index, int value) {
        header.put(index, (byte) value);
        return this;
    }

    /** Declares another length of the body. */
    public BinaryReplies bodyLength(long length) {
        header.putInt(8, (int) length);
        return this;
    }

    /** Declares another length of the key. */
    public BinaryReplies keyLength(int length) {
        header.putShort(2, (short) length);
        return this;
    }

    /** The packet. */
    public byte[] bytes() {
        return ByteBuffer.allocate(HEADER_BYTES + body.length)
                .put(header.array())
                .put(body)
                .array();
    }

    /** The packet as a block. */
    public static DataBlock joined(byte[]... packets) {
        int length = 0;
        for (byte[] packet : packets) {
            length += packet.length;
        }
        ByteBuffer all = ByteBuffer.allocate(length);
        for (byte[] packet : packets) {
            all.put(packet);
        }
        return DataBlock.wrap(all.array());
    }
}
