package io.cachewire.serde;

import io.cachewire.DataBlock;
import io.cachewire.serde.Compression.Wrapping;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;

/** Writes one zlib or gzip stream. */
final class Deflation {
    static final int GZIP_HEADER = 10;
    static final int GZIP_TRAILER = 8;
    private static final byte UNKNOWN_SYSTEM = (byte) 0xff;

    private Deflation() {}

    /**
     * A stream strictly shorter than the data, or null when there is none: no more memory than the data's length is
     * taken.
     */
    static @Nullable DataBlock deflate(DataBlock plain, Wrapping wrapping, int level) {
        int frame = wrapping == Wrapping.GZIP ? GZIP_HEADER + GZIP_TRAILER : 0;
        int room = plain.length() - 1 - frame;
        if (room <= 0) {
            return null;
        }
        byte[] out = new byte[plain.length() - 1];
        int start = wrapping == Wrapping.GZIP ? GZIP_HEADER : 0;
        int written;
        Deflater deflater = new Deflater(level, wrapping == Wrapping.GZIP);
        try {
            deflater.setInput(plain.toByteBuffer());
            deflater.finish();
            written = deflater.deflate(out, start, room);
            if (!deflater.finished()) {
                return null;
            }
        } finally {
            deflater.end();
        }
        if (wrapping == Wrapping.GZIP) {
            frame(ByteBuffer.wrap(out).order(ByteOrder.LITTLE_ENDIAN), written, plain);
        }
        return DataBlock.wrap(Arrays.copyOf(out, written + frame));
    }

    private static void frame(ByteBuffer out, int deflated, DataBlock plain) {
        out.put(0, (byte) 0x1f)
                .put(1, (byte) 0x8b)
                .put(2, (byte) Deflater.DEFLATED)
                .put(9, UNKNOWN_SYSTEM);
        CRC32 crc = new CRC32();
        crc.update(plain.toByteBuffer());
        out.putInt(GZIP_HEADER + deflated, (int) crc.getValue());
        out.putInt(GZIP_HEADER + deflated + Integer.BYTES, plain.length());
    }
}
