package io.cachewire.serde;

import io.cachewire.DataBlock;
import io.cachewire.SerdeException;
import io.cachewire.SerdeException.Reason;
import io.cachewire.serde.Compression.Wrapping;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Reads one zlib or gzip stream within bounds. The stored bytes must be exactly one whole stream: a cut one, a second
 * member and anything after the end are errors.
 *
 * <p>Up to {@link #GROWN} bytes the output grows as it comes. What is longer is counted first, without being kept, and
 * then inflated again into an array of its size, so a stream over the limit costs no memory and one within the limit no
 * more than its own length.
 */
public final class Inflation {
    private static final int FREE_OF_RATIO = 1 << 20;
    private static final int GROWN = 8 << 20;
    private static final int SCRATCH = 64 << 10;

    private static final int HEADER_CRC = 2;
    private static final int EXTRA = 4;
    private static final int NAME = 8;
    private static final int COMMENT = 16;
    private static final int RESERVED = 0xe0;

    private final DataBlock stored;
    private final Wrapping wrapping;
    private final long limit;

    Inflation(DataBlock stored, Wrapping wrapping, int maxBytes, int maxRatio) {
        this.stored = stored;
        this.wrapping = wrapping;
        this.limit = Math.min(maxBytes, maxLength(stored.length(), maxRatio));
    }

    /**
     * The bytes that a zlib stream (RFC 1950) stands for.
     *
     * @param maxBytes how many there may be; over a mebibyte there may also be no more than {@link
     *     Compression#DEFAULT_MAX_RATIO} times the stored ones
     * @throws SerdeException DECODE when it is not exactly one whole stream, LIMIT when it is too much
     */
    public static DataBlock zlib(DataBlock stored, int maxBytes) {
        return new Inflation(stored, Wrapping.ZLIB, maxBytes, Compression.DEFAULT_MAX_RATIO).inflate();
    }

    /** The same for a gzip stream (RFC 1952). */
    public static DataBlock gzip(DataBlock stored, int maxBytes) {
        return new Inflation(stored, Wrapping.GZIP, maxBytes, Compression.DEFAULT_MAX_RATIO).inflate();
    }

    /** How long a value may be that is stored in so many bytes. */
    static long maxLength(int storedLength, int maxRatio) {
        return Math.max(FREE_OF_RATIO, (long) storedLength * maxRatio);
    }

    DataBlock inflate() {
        int start = wrapping == Wrapping.GZIP ? gzipHeader() : 0;
        Inflater inflater = new Inflater(wrapping == Wrapping.GZIP);
        try {
            return inflate(inflater, start);
        } catch (DataFormatException e) {
            throw new SerdeException(Reason.DECODE, "the compressed bytes are corrupt", e);
        } finally {
            inflater.end();
        }
    }

    private DataBlock inflate(Inflater inflater, int start) throws DataFormatException {
        input(inflater, start);
        byte[] out = new byte[(int) Math.min(Math.max(stored.length() * 4L, 512), Math.min(limit + 1, GROWN))];
        int length = 0;
        while (true) {
            length += step(inflater, out, length);
            requireWithin(length);
            if (inflater.finished()) {
                break;
            }
            if (length == out.length && length < GROWN) {
                out = Arrays.copyOf(out, grown(out.length));
            } else if (length == out.length) {
                out = new byte[count(inflater, length)];
                length = out.length;
                inflater.reset();
                input(inflater, start);
                fill(inflater, out);
                break;
            }
        }
        DataBlock data = DataBlock.wrap(length == out.length ? out : Arrays.copyOf(out, length));
        requireEnd(inflater, start, data);
        return data;
    }

    /** Twice as many, or the most there may be when that is not much more. */
    private int grown(int length) {
        long most = Math.min(limit + 1, GROWN);
        return (int) (most - 2L * length < length / 2 ? most : 2L * length);
    }

    private void input(Inflater inflater, int start) {
        inflater.setInput(stored.toByteBuffer().position(start));
    }

    /** The length of a stream that is longer than what has been read of it. */
    private int count(Inflater inflater, int readSoFar) throws DataFormatException {
        byte[] scratch = new byte[SCRATCH];
        long length = readSoFar;
        while (!inflater.finished()) {
            length += step(inflater, scratch, 0);
            requireWithin(length);
        }
        return Math.toIntExact(length);
    }

    /** The second pass, into an array of the length that was counted. */
    private static void fill(Inflater inflater, byte[] out) throws DataFormatException {
        int length = 0;
        while (length < out.length) {
            length += step(inflater, out, length);
        }
        // With the array full, the end mark may still be unread; it needs a place to write nothing to.
        byte[] rest = new byte[1];
        while (!inflater.finished()) {
            step(inflater, rest, 0);
        }
    }

    /** Some more bytes; none only when the stream ends here. */
    private static int step(Inflater inflater, byte[] out, int from) throws DataFormatException {
        int count = inflater.inflate(out, from, out.length - from);
        if (count == 0 && !inflater.finished() && (inflater.needsInput() || inflater.needsDictionary())) {
            throw corrupt("end before their stream does");
        }
        return count;
    }

    private void requireWithin(long length) {
        if (length > limit) {
            throw new SerdeException(
                    Reason.LIMIT,
                    "the value is over the limit of " + limit + " bytes for " + stored.length() + " compressed bytes",
                    null);
        }
    }

    private void requireEnd(Inflater inflater, int start, DataBlock data) {
        long end = start + inflater.getBytesRead();
        if (wrapping == Wrapping.GZIP) {
            if (stored.length() - end < Deflation.GZIP_TRAILER) {
                throw corrupt("end before their stream does");
            }
            ByteBuffer trailer =
                    stored.toByteBuffer().order(ByteOrder.LITTLE_ENDIAN).position((int) end);
            CRC32 crc = new CRC32();
            crc.update(data.toByteBuffer());
            if (trailer.getInt() != (int) crc.getValue() || trailer.getInt() != data.length()) {
                throw corrupt("do not match their checksum");
            }
            end += Deflation.GZIP_TRAILER;
        }
        if (end != stored.length()) {
            throw corrupt("go on after the end of their stream");
        }
    }

    /** Checks the header and returns where the deflated bytes begin. */
    private int gzipHeader() {
        if (stored.length() < Deflation.GZIP_HEADER) {
            throw corrupt("end before their stream does");
        }
        int flags = stored.at(3);
        if (stored.at(0) != 0x1f || stored.at(1) != (byte) 0x8b || stored.at(2) != 8 || (flags & RESERVED) != 0) {
            throw corrupt("are not a gzip stream");
        }
        int at = Deflation.GZIP_HEADER;
        if ((flags & EXTRA) != 0) {
            requireHeader(at + 2);
            at += 2 + (stored.at(at) & 0xff) + ((stored.at(at + 1) & 0xff) << 8);
        }
        if ((flags & NAME) != 0) {
            at = afterZero(at);
        }
        if ((flags & COMMENT) != 0) {
            at = afterZero(at);
        }
        if ((flags & HEADER_CRC) != 0) {
            requireHeader(at + 2);
            CRC32 crc = new CRC32();
            crc.update(stored.toByteBuffer().limit(at));
            if (((stored.at(at) & 0xff) | (stored.at(at + 1) & 0xff) << 8) != (crc.getValue() & 0xffff)) {
                throw corrupt("do not match their checksum");
            }
            at += 2;
        }
        requireHeader(at);
        return at;
    }

    private int afterZero(int from) {
        int at = from;
        do {
            requireHeader(at + 1);
        } while (stored.at(at++) != 0);
        return at;
    }

    private void requireHeader(int length) {
        if (length > stored.length()) {
            throw corrupt("end before their stream does");
        }
    }

    private static SerdeException corrupt(String how) {
        return new SerdeException(Reason.DECODE, "the compressed bytes " + how, null);
    }
}
