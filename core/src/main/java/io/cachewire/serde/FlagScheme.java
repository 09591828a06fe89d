package io.cachewire.serde;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the flag bits of an item mean: the {@linkplain Format format} of its bytes, and whether they are compressed.
 * Immutable.
 *
 * <p>{@link #DEFAULT} keeps within 16 bits, which is all that some clients carry:
 *
 * <pre>
 * 0 bytes   1 text   2 JSON   3 boolean   4 int   5 long   6 double   7 Java serialization
 * 8 lease   9 absent
 * 0x100 zlib   0x200 gzip
 * </pre>
 *
 * <p>Another client's meaning is made with {@link #builder()}. There, two formats may share flags (a client with one
 * flag for integers of every size): each is written with them, and reading gives the one that was named first.
 *
 * <p>Decided in docs/decisions/0014-default-flags.md.
 */
public final class FlagScheme {
    /** The scheme of this client. */
    public static final FlagScheme DEFAULT = builder()
            .format(Format.BYTES, 0)
            .format(Format.TEXT, 1)
            .format(Format.JSON, 2)
            .format(Format.BOOLEAN, 3)
            .format(Format.INT, 4)
            .format(Format.LONG, 5)
            .format(Format.DOUBLE, 6)
            .format(Format.JAVA, 7)
            .format(Format.LEASE, 8)
            .format(Format.ABSENT, 9)
            .zlib(0x100)
            .gzip(0x200)
            .build();

    private final Map<Format, Integer> written;
    private final Map<Integer, Format> read;
    private final int zlibBits;
    private final int gzipBits;
    private final int ignoredBits;

    private FlagScheme(Builder builder) {
        written = new EnumMap<>(builder.written);
        read = Map.copyOf(builder.read);
        zlibBits = builder.zlibBits;
        gzipBits = builder.gzipBits;
        ignoredBits = builder.ignoredBits;
    }

    /** A scheme without any meaning yet. */
    public static Builder builder() {
        return new Builder();
    }

    /** Whether values of a format can be written. */
    public boolean has(Format format) {
        return written.containsKey(format);
    }

    /**
     * The flags to write with a format.
     *
     * @throws IllegalArgumentException when the scheme does not have it
     */
    public int flags(Format format) {
        Integer flags = written.get(format);
        if (flags == null) {
            throw new IllegalArgumentException("this flag scheme has no flags for " + format);
        }
        return flags;
    }

    /** The format that flags stand for once the compression bits are out, or null when they are unknown. */
    public @Nullable Format format(int flags) {
        return read.get(flags & ~ignoredBits);
    }

    /** The bits that mark a zlib stream, 0 when the scheme has none. */
    public int zlibBits() {
        return zlibBits;
    }

    /** The bits that mark a gzip stream, 0 when the scheme has none. */
    public int gzipBits() {
        return gzipBits;
    }

    /** Whether the flags mark a zlib stream. */
    public boolean isZlib(int flags) {
        return zlibBits != 0 && (flags & zlibBits) == zlibBits;
    }

    /** Whether the flags mark a gzip stream. */
    public boolean isGzip(int flags) {
        return gzipBits != 0 && (flags & gzipBits) == gzipBits;
    }

    /** The flags without the marks of {@link #isZlib} and {@link #isGzip}. */
    public int withoutCompression(int flags) {
        int rest = flags;
        if (isZlib(flags)) {
            rest &= ~zlibBits;
        }
        if (isGzip(flags)) {
            rest &= ~gzipBits;
        }
        return rest;
    }

    /** Collects the meaning of the bits. Not for use by several threads. */
    public static final class Builder {
        private final Map<Format, Integer> written = new EnumMap<>(Format.class);
        private final Map<Integer, Format> read = new HashMap<>();
        private int zlibBits;
        private int gzipBits;
        private int ignoredBits;

        private Builder() {}

        /** The flags that a format is written with, and read by unless an earlier format has them already. */
        public Builder format(Format format, int flags) {
            written.put(Objects.requireNonNull(format, "format"), flags);
            read.putIfAbsent(flags, format);
            return this;
        }

        /** Further flags to read a format by: what other versions of a client write. */
        public Builder alsoRead(int flags, Format format) {
            read.putIfAbsent(flags, Objects.requireNonNull(format, "format"));
            return this;
        }

        /** The bits that mark a zlib stream. */
        public Builder zlib(int bits) {
            zlibBits = bits;
            return this;
        }

        /** The bits that mark a gzip stream. */
        public Builder gzip(int bits) {
            gzipBits = bits;
            return this;
        }

        /** Bits that say nothing about the value: they are written as 0 and not looked at. */
        public Builder ignoring(int bits) {
            ignoredBits = bits;
            return this;
        }

        /**
         * The scheme.
         *
         * @throws IllegalArgumentException when a bit has two meanings
         */
        public FlagScheme build() {
            requireSeparate("zlib and gzip", zlibBits & gzipBits);
            requireSeparate("ignored and compression", ignoredBits & (zlibBits | gzipBits));
            for (int flags : read.keySet()) {
                requireSeparate("format and compression", flags & (zlibBits | gzipBits));
                requireSeparate("format and ignored", flags & ignoredBits);
            }
            return new FlagScheme(this);
        }

        private static void requireSeparate(String what, int shared) {
            if (shared != 0) {
                throw new IllegalArgumentException(what + " share the flag bits 0x" + Integer.toHexString(shared));
            }
        }
    }
}
