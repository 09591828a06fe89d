package io.cachewire.interop;

import io.cachewire.DataBlock;
import io.cachewire.SerdeException;
import io.cachewire.SerdeException.Reason;
import io.cachewire.serde.EncodedValue;
import io.cachewire.serde.Format;
import io.cachewire.serde.Inflation;
import io.cachewire.serde.Utf8;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * php-memcached: the type in bits 0 to 3, compression in bits 4 to 7, the user's own flags in bits 16 to 31, which are not
 * looked at. A compressed value begins with its length, four bytes, least significant first.
 *
 * @param serializer what arrays are written with
 * @param compression on writing
 */
record PhpFormat(Serializer serializer, Compression compression) implements ForeignFormat {
    private static final int STRING = 0;
    private static final int LONG = 1;
    private static final int DOUBLE = 2;
    private static final int BOOLEAN = 3;
    private static final int SERIALIZED = 4;
    private static final int IGBINARY = 5;
    private static final int JSON = 6;
    private static final int MSGPACK = 7;

    private static final int TYPE = 0xf;
    private static final int COMPRESSED = 16;
    private static final int ZLIB = 32;
    private static final int FASTLZ = 64;
    private static final int ZSTD = 128;
    private static final int KNOWN = TYPE | COMPRESSED | ZLIB | FASTLZ | ZSTD;
    private static final int USER = 0xffff0000;

    private static final int MIN_LENGTH = 2000;
    private static final double FACTOR = 1.3;
    private static final String ADVICE = "set Memcached::OPT_SERIALIZER to SERIALIZER_PHP or SERIALIZER_JSON";

    enum Serializer {
        PHP,
        JSON
    }

    enum Compression {
        FASTLZ,
        ZLIB,
        NONE
    }

    @Override
    public boolean claims(int flags) {
        int own = flags & ~USER;
        boolean compressed = (own & COMPRESSED) != 0;
        return (own & ~KNOWN) == 0 && (own & TYPE) <= MSGPACK && (compressed || (own & ~TYPE) == 0);
    }

    @Override
    public Stored open(EncodedValue stored, int maxBytes) {
        DataBlock data = (stored.flags() & COMPRESSED) == 0
                ? stored.data()
                : decompressed(stored.data(), stored.flags(), maxBytes);
        Encoding encoding = switch (stored.flags() & TYPE) {
            case STRING -> Encoding.UNTYPED;
            case LONG -> Encoding.INTEGER;
            case DOUBLE -> Encoding.DOUBLE;
            case BOOLEAN -> Encoding.BOOLEAN;
            case SERIALIZED -> Encoding.PHP;
            case IGBINARY -> Encoding.refused("igbinary", ADVICE);
            case JSON -> Encoding.JSON;
            default -> Encoding.refused("msgpack", ADVICE);
        };
        return new Stored(encoding, data);
    }

    private static DataBlock decompressed(DataBlock stored, int flags, int maxBytes) {
        if (stored.length() < Integer.BYTES) {
            throw new SerdeException(Reason.DECODE, "the compressed bytes end before their length does", null);
        }
        ByteBuffer bytes = stored.toByteBuffer();
        int length = bytes.order(ByteOrder.LITTLE_ENDIAN).getInt();
        if (length < 0 || length > maxBytes) {
            throw new SerdeException(
                    Reason.LIMIT,
                    "the value has " + Integer.toUnsignedString(length) + " bytes of at most " + maxBytes,
                    null);
        }
        byte[] packed = new byte[bytes.remaining()];
        bytes.get(packed);
        DataBlock data = switch (flags & (ZLIB | FASTLZ | ZSTD)) {
            case ZLIB -> Inflation.zlib(DataBlock.wrap(packed), length);
            case FASTLZ -> FastLz.decompress(packed, length);
            case ZSTD ->
                throw new SerdeException(
                        Reason.DECODE,
                        "the value is compressed with zstd, which is not read: set compression_type",
                        null);
            default -> throw new SerdeException(Reason.DECODE, "the flags name no or several compressions", null);
        };
        if (data.length() != length) {
            throw new SerdeException(Reason.DECODE, "the value is not as long as its header says", null);
        }
        return data;
    }

    @Override
    public boolean writes(Class<?> type) {
        return ForeignFormat.super.isPlain(type)
                || (serializer == Serializer.PHP ? PhpWriter.writes(type) : JsonWriter.writes(type));
    }

    /** As in PHP, nothing is appended while values may be compressed. */
    @Override
    public boolean isPlain(Class<?> type) {
        return compression == Compression.NONE && ForeignFormat.super.isPlain(type);
    }

    @Override
    public EncodedValue write(Object value) {
        if (value instanceof String text) {
            return packed(Utf8.encode(text), STRING);
        }
        if (value instanceof byte[] bytes) {
            return packed(DataBlock.copyOf(bytes), STRING);
        }
        if (value instanceof DataBlock data) {
            return packed(data, STRING);
        }
        if (value instanceof Boolean bit) {
            return new EncodedValue(DataBlock.ofUtf8(bit ? "1" : ""), BOOLEAN);
        }
        BigInteger integer = Decimals.asInteger(value);
        if (integer != null) {
            checkInteger(integer);
            return new EncodedValue(DataBlock.ofUtf8(integer.toString()), LONG);
        }
        if (value instanceof Number real) {
            return new EncodedValue(DataBlock.ofUtf8(Reals.phpMemcached(real.doubleValue())), DOUBLE);
        }
        return serializer == Serializer.PHP
                ? packed(PhpWriter.write(value), SERIALIZED)
                : packed(JsonWriter.PHP.write(value), JSON);
    }

    static void checkInteger(BigInteger integer) {
        if (integer.bitLength() > 63) {
            throw new SerdeException(Reason.ENCODE, "PHP has no integers beyond 64 bits", null);
        }
    }

    @Override
    public @Nullable EncodedValue wrap(Format by, DataBlock data) {
        return by == Format.JSON ? packed(data, JSON) : null;
    }

    private EncodedValue packed(DataBlock data, int type) {
        if (compression == Compression.NONE || data.length() < MIN_LENGTH) {
            return new EncodedValue(data, type);
        }
        byte[] packed = compression == Compression.FASTLZ
                ? FastLz.compress(data.toByteArray())
                : Packing.zlib(data, 6).toByteArray();
        if (data.length() <= packed.length * FACTOR) {
            return new EncodedValue(data, type);
        }
        ByteBuffer out = ByteBuffer.allocate(Integer.BYTES + packed.length).order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(data.length()).put(packed);
        int bit = compression == Compression.FASTLZ ? FASTLZ : ZLIB;
        return new EncodedValue(DataBlock.wrap(out.array()), type | COMPRESSED | bit);
    }
}
