package io.cachewire.serde;

import io.cachewire.DataBlock;
import io.cachewire.IllegalRequestException;
import java.util.Locale;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;

/**
 * Whether and how the bytes that a serde made are compressed before they are sent. Immutable; off unless chosen.
 *
 * <p>Values strictly longer than the threshold are compressed, and the result is kept only when it is strictly smaller.
 * The flags say what was done, so compressed items are read whatever the client itself writes.
 *
 * <p>Reading is bounded twice, against streams made to fill the memory: by the client's {@code maxValueBytes}, and,
 * beyond the first mebibyte, by the ratio of what comes out to what was stored ({@link #DEFAULT_MAX_RATIO}, changed by
 * {@link #withMaxRatio}). A value that would exceed the ratio is stored uncompressed.
 */
public final class Compression {
    /** Times the stored size that a value may have; the format itself ends at about 1030. */
    public static final int DEFAULT_MAX_RATIO = 250;

    private static final Compression NONE = new Compression(null, 0, 0, DEFAULT_MAX_RATIO);

    private final @Nullable Wrapping wrapping;
    private final int threshold;
    private final int level;
    private final int maxRatio;

    private Compression(@Nullable Wrapping wrapping, int threshold, int level, int maxRatio) {
        if (threshold < 0) {
            throw new IllegalRequestException("the threshold must be 0 bytes or more, not " + threshold);
        }
        if (level < Deflater.NO_COMPRESSION || level > Deflater.BEST_COMPRESSION) {
            throw new IllegalRequestException("the level must be 0 to 9, not " + level);
        }
        if (maxRatio < 1) {
            throw new IllegalRequestException("the ratio must be 1 or more, not " + maxRatio);
        }
        this.wrapping = wrapping;
        this.threshold = threshold;
        this.level = level;
        this.maxRatio = maxRatio;
    }

    /** Values are written as they are. */
    public static Compression none() {
        return NONE;
    }

    /**
     * Zlib streams (RFC 1950).
     *
     * @param threshold values up to this many bytes are left alone
     * @param level 0 (stored) to 9 (smallest)
     * @throws IllegalRequestException for a threshold below zero or another level
     */
    public static Compression zlib(int threshold, int level) {
        return new Compression(Wrapping.ZLIB, threshold, level, DEFAULT_MAX_RATIO);
    }

    /**
     * Gzip streams (RFC 1952), as spymemcached writes them.
     *
     * @param threshold values up to this many bytes are left alone
     * @param level 0 (stored) to 9 (smallest)
     * @throws IllegalRequestException for a threshold below zero or another level
     */
    public static Compression gzip(int threshold, int level) {
        return new Compression(Wrapping.GZIP, threshold, level, DEFAULT_MAX_RATIO);
    }

    /** The same with another bound for reading: how many times the stored size a value over a mebibyte may have. */
    public Compression withMaxRatio(int ratio) {
        return new Compression(wrapping, threshold, level, ratio);
    }

    /** The flag bits of what {@link #compress} makes, 0 when the scheme has none for it. */
    int bits(FlagScheme scheme) {
        return wrapping == null ? 0 : wrapping.bits(scheme);
    }

    boolean isOn() {
        return wrapping != null;
    }

    /** The smaller form of the data, or null when it is to be stored as it is. */
    @Nullable
    DataBlock compress(DataBlock plain) {
        if (wrapping == null || plain.length() <= threshold) {
            return null;
        }
        DataBlock compressed = Deflation.deflate(plain, wrapping, level);
        if (compressed == null || Inflation.maxLength(compressed.length(), maxRatio) < plain.length()) {
            return null;
        }
        return compressed;
    }

    /**
     * The data that a stream stands for.
     *
     * @throws io.cachewire.SerdeException DECODE when it is not exactly one whole stream, LIMIT when it is too much
     */
    DataBlock decompress(DataBlock stored, Wrapping as, int maxBytes) {
        return new Inflation(stored, as, maxBytes, maxRatio).inflate();
    }

    /** {@code none}, or like {@code zlib(2048, 6)}, with the ratio behind when it is not the default. */
    @Override
    public String toString() {
        if (wrapping == null) {
            return "none";
        }
        String ratio = maxRatio == DEFAULT_MAX_RATIO ? "" : ", " + maxRatio;
        return wrapping.name().toLowerCase(Locale.ROOT) + "(" + threshold + ", " + level + ratio + ")";
    }

    /** What stands around the deflated bytes. */
    enum Wrapping {
        /** RFC 1950. */
        ZLIB,
        /** RFC 1952. */
        GZIP;

        int bits(FlagScheme scheme) {
            return this == ZLIB ? scheme.zlibBits() : scheme.gzipBits();
        }
    }
}
