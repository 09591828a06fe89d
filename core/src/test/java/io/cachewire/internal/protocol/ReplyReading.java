package io.cachewire.internal.protocol;

import io.cachewire.DataBlock;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Drives a parser the way a connection does, and writes requests as one would. */
public final class ReplyReading {
    private ReplyReading() {}

    /** Latin-1 bytes of a text, so that a test can write any byte as a character. */
    public static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** A block of these characters. */
    public static DataBlock block(String text) {
        return DataBlock.wrap(bytes(text));
    }

    /**
     * All replies of the pieces, one after the other: what is in the middle of a data block is taken, all else is fed in the middle of an array that
     * is wiped after it was read.
     */
    public static List<Reply> read(ReplyParser parser, byte[]... pieces) throws MalformedReply {
        List<Reply> replies = new ArrayList<>();
        for (byte[] piece : pieces) {
            ByteBuffer input = ByteBuffer.wrap(piece);
            parser.takeBlock(input);
            int left = input.remaining();
            byte[] padded = new byte[left + 7];
            Arrays.fill(padded, (byte) '#');
            input.get(padded, 3, left);
            parser.feed(padded, 3, left);
            for (Reply reply = parser.next(); reply != null; reply = parser.next()) {
                replies.add(reply);
            }
            Arrays.fill(padded, (byte) '!');
        }
        return replies;
    }

    /** The bytes in two pieces. */
    public static byte[][] cutAt(byte[] bytes, int at) {
        return new byte[][] {Arrays.copyOfRange(bytes, 0, at), Arrays.copyOfRange(bytes, at, bytes.length)};
    }

    /** The bytes one by one. */
    public static byte[][] singles(byte[] bytes) {
        byte[][] pieces = new byte[bytes.length][];
        for (int i = 0; i < bytes.length; i++) {
            pieces[i] = new byte[] {bytes[i]};
        }
        return pieces;
    }

    /** A whole request: header, and data block with its trailer. */
    public static byte[] written(Dialect dialect, Request request, int opaque) {
        byte[] out = new byte[Dialect.MAX_HEADER_BYTES + 5];
        int end = dialect.encodeHeader(request, opaque, out, 5);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write(out, 5, end - 5);
        return appendData(dialect, dialect.dataBlock(request, opaque), all);
    }

    /** A whole request in the quiet form. */
    public static byte[] writtenQuietly(Dialect dialect, Request request) {
        byte[] out = new byte[Dialect.MAX_HEADER_BYTES + 5];
        int end = dialect.encodeQuietHeader(request, out, 5);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write(out, 5, end - 5);
        return appendData(dialect, request.data(), all);
    }

    private static byte[] appendData(Dialect dialect, @Nullable DataBlock data, ByteArrayOutputStream all) {
        if (data != null) {
            all.writeBytes(data.toByteArray());
            all.writeBytes(dialect.trailer());
        }
        return all.toByteArray();
    }
}
