package io.cachewire.embedded;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;

/**
 * The replies of one connection that are not written yet, in order. Values are referred to, so the queue costs little
 * more than its short pieces; the connection stops reading commands while it is long.
 */
final class Output {
    private final ArrayDeque<byte[]> pieces = new ArrayDeque<>();
    private int firstOffset;
    private long pending;

    void add(byte[] piece) {
        if (piece.length > 0) {
            pieces.add(piece);
            pending += piece.length;
        }
    }

    void add(String text) {
        add(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    long pending() {
        return pending;
    }

    void clear() {
        pieces.clear();
        pending = 0;
        firstOffset = 0;
    }

    /**
     * Writes until everything is written or the channel takes no more.
     *
     * @param staging a buffer of the caller's, so that a large value is not copied again for each small write
     * @return how many bytes the channel took
     */
    long writeTo(WritableByteChannel channel, ByteBuffer staging) throws IOException {
        long written = 0;
        while (pending > 0) {
            fill(staging);
            int staged = staging.remaining();
            int taken = channel.write(staging);
            consume(taken);
            written += taken;
            if (taken < staged) {
                break;
            }
        }
        return written;
    }

    private void fill(ByteBuffer staging) {
        staging.clear();
        int offset = firstOffset;
        for (byte[] piece : pieces) {
            int length = Math.min(piece.length - offset, staging.remaining());
            staging.put(piece, offset, length);
            offset = 0;
            if (!staging.hasRemaining()) {
                break;
            }
        }
        staging.flip();
    }

    private void consume(int count) {
        pending -= count;
        int left = count;
        while (left > 0) {
            int inFirst = pieces.element().length - firstOffset;
            if (left < inFirst) {
                firstOffset += left;
                return;
            }
            left -= inFirst;
            firstOffset = 0;
            pieces.remove();
        }
    }
}
