package io.cachewire.interop;

import io.cachewire.DataBlock;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * When and how a client compresses what it writes.
 *
 * @param minLength shorter values are left alone
 * @param stream the form of the result
 * @param keep how small the result must be
 * @param level of zlib, 1 to 9, -1 for its default; gzip takes the default
 */
record Packing(int minLength, Stream stream, Keep keep, int level) {
    enum Stream {
        ZLIB,
        GZIP
    }

    enum Keep {
        SMALLER,
        NOT_LARGER,
        UP_TO_80_PERCENT,
        ALWAYS;

        boolean accepts(int plain, int packed) {
            return switch (this) {
                case SMALLER -> packed < plain;
                case NOT_LARGER -> packed <= plain;
                case UP_TO_80_PERCENT -> packed <= plain * 0.8;
                case ALWAYS -> true;
            };
        }
    }

    static final Packing OFF = new Packing(Integer.MAX_VALUE, Stream.ZLIB, Keep.SMALLER, -1);

    static Packing zlib(int minLength, Keep keep) {
        return new Packing(minLength, Stream.ZLIB, keep, Deflater.DEFAULT_COMPRESSION);
    }

    static Packing gzip(int minLength, Keep keep) {
        return new Packing(minLength, Stream.GZIP, keep, Deflater.DEFAULT_COMPRESSION);
    }

    /** A minimum as the user gave it. */
    static int checkedLength(int minLength) {
        if (minLength < 0) {
            throw new IllegalArgumentException("the length must be 0 or more, not " + minLength);
        }
        return minLength;
    }

    /** The compressed form, or null when the value is to be stored as it is. */
    @Nullable
    DataBlock pack(DataBlock plain) {
        if (plain.length() < minLength) {
            return null;
        }
        DataBlock packed = stream == Stream.ZLIB ? zlib(plain, level) : gzip(plain);
        return keep.accepts(plain.length(), packed.length()) ? packed : null;
    }

    static DataBlock zlib(DataBlock plain, int level) {
        Deflater deflater = new Deflater(level);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (DeflaterOutputStream stream = new DeflaterOutputStream(out, deflater)) {
            stream.write(plain.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            deflater.end();
        }
        return DataBlock.wrap(out.toByteArray());
    }

    private static DataBlock gzip(DataBlock plain) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream stream = new GZIPOutputStream(out)) {
            stream.write(plain.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return DataBlock.wrap(out.toByteArray());
    }
}
