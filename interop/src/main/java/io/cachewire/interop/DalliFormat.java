package io.cachewire.interop;

import io.cachewire.DataBlock;
import io.cachewire.serde.EncodedValue;
import io.cachewire.serde.Format;
import org.jspecify.annotations.Nullable;

/**
 * dalli: 1 serialized, by Marshal or another serializer that the flags do not name, 2 compressed by zlib or gzip, 4 text of
 * dalli 5's {@code string_fastpath}, 0 raw.
 *
 * @param serializer what values are written with
 * @param packing compression on writing
 */
record DalliFormat(Serializer serializer, Packing packing) implements ForeignFormat {
    private static final int SERIALIZED = 1;
    private static final int COMPRESSED = 2;
    private static final int TEXT = 4;
    private static final Encoding MARSHAL =
            Encoding.refused("Ruby Marshal", "give dalli the option serializer: JSON, or write with raw: true");

    enum Serializer {
        /** As with {@code raw: true}: Marshal is for Ruby alone. */
        RAW,
        JSON
    }

    @Override
    public boolean claims(int flags) {
        return (flags & ~COMPRESSED) == 0 || (flags & ~COMPRESSED) == SERIALIZED || (flags & ~COMPRESSED) == TEXT;
    }

    @Override
    public Stored open(EncodedValue stored, int maxBytes) {
        boolean packed = (stored.flags() & COMPRESSED) != 0;
        DataBlock data = packed ? Unpacking.zlibOrGzip(stored.data(), maxBytes) : stored.data();
        return switch (stored.flags() & ~COMPRESSED) {
            case SERIALIZED -> new Stored(isMarshal(data) ? MARSHAL : Encoding.JSON, data);
            case TEXT -> new Stored(Encoding.TEXT, data);
            default -> new Stored(Encoding.UNTYPED, data);
        };
    }

    /** Every Marshal stream begins with its version, 4.8, which no JSON does. */
    private static boolean isMarshal(DataBlock data) {
        return data.length() > 1 && data.at(0) == 4 && data.at(1) == 8;
    }

    @Override
    public boolean writes(Class<?> type) {
        return type == byte[].class
                || type == DataBlock.class
                || (serializer == Serializer.JSON
                        ? JsonWriter.writes(type)
                        : type == String.class || type == Boolean.class || Decimals.isNumber(type));
    }

    @Override
    public boolean isPlain(Class<?> type) {
        return serializer == Serializer.RAW && ForeignFormat.super.isPlain(type);
    }

    @Override
    public EncodedValue write(Object value) {
        boolean bytes = value instanceof byte[] || value instanceof DataBlock;
        return serializer == Serializer.JSON && !bytes
                ? item(JsonWriter.COMPACT.write(value), SERIALIZED)
                : item(PlainTextFormat.data(value, PlainTextFormat.Booleans.LOWER_CASE), 0);
    }

    @Override
    public @Nullable EncodedValue wrap(Format by, DataBlock data) {
        return by == Format.JSON ? item(data, SERIALIZED) : null;
    }

    private EncodedValue item(DataBlock data, int flags) {
        DataBlock packed = packing.pack(data);
        return packed == null ? new EncodedValue(data, flags) : new EncodedValue(packed, flags | COMPRESSED);
    }
}
