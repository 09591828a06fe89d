package io.cachewire.embedded;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;

/**
 * The replies of one connection that are not written yet, in order. Large values are referred to; short pieces are
 * copied together, so that the queue takes little more memory than its bytes. The connection stops reading commands
 * while it is long.
 */
final class Output {
    private static final int LARGE_BYTES = 1024;
    private static final int CHUNK_BYTES = 4096;
    private static final byte[] NONE = {};

    /** Bytes that are complete: they are not changed any more. */
    private static final class Piece {
        final byte[] bytes;
        final int length;

        Piece(byte[] bytes, int length) {
            this.bytes = bytes;
            this.length = length;
        }
    }

    private final ArrayDeque<Piece> pieces = new ArrayDeque<>();
    private int firstOffset;
    // behind the pieces: short ones, copied together
    private byte[] chunk = NONE;
    private int chunkFilled;
    private long pending;

    void add(byte[] piece) {
        if (piece.length >= LARGE_BYTES) {
            endChunk();
            pieces.add(new Piece(piece, piece.length));
        } else if (piece.length > 0) {
            if (chunk.length - chunkFilled < piece.length) {
                endChunk();
                chunk = new byte[pieces.isEmpty() ? LARGE_BYTES : CHUNK_BYTES];
            }
            System.arraycopy(piece, 0, chunk, chunkFilled, piece.length);
            chunkFilled += piece.length;
        }
        pending += piece.length;
    }

    void add(String text) {
        add(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private void endChunk() {
        if (chunkFilled > 0) {
            pieces.add(new Piece(chunk, chunkFilled));
        }
        chunk = NONE;
        chunkFilled = 0;
    }

    long pending() {
        return pending;
    }

    void clear() {
        pieces.clear();
        chunk = NONE;
        chunkFilled = 0;
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
        if (pending > 0) {
            endChunk();
        }
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
        for (Piece piece : pieces) {
            int length = Math.min(piece.length - offset, staging.remaining());
            staging.put(piece.bytes, offset, length);
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
