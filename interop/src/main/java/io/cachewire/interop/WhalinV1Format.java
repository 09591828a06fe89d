package io.cachewire.interop;

import io.cachewire.DataBlock;
import io.cachewire.SerdeException;
import io.cachewire.SerdeException.Reason;
import io.cachewire.serde.EncodedValue;
import io.cachewire.serde.Format;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The WhalinV1Transcoder of spymemcached and xmemcached: the type is the first byte of the value, the flags mark only
 * compression and Java serialization. It has no type for byte arrays, so they are not written.
 */
record WhalinV1Format(JvmOptions options) implements ForeignFormat {
    private static final int COMPRESSED = 2;
    private static final int SERIALIZED = 8;

    /** The types in the order of their numbers, which begin with 1. */
    private static final List<WhalinType> TYPES = List.of(
            WhalinType.BYTE,
            WhalinType.BOOLEAN,
            WhalinType.INTEGER,
            WhalinType.LONG,
            WhalinType.CHARACTER,
            WhalinType.STRING,
            WhalinType.STRING_BUFFER,
            WhalinType.FLOAT,
            WhalinType.SHORT,
            WhalinType.DOUBLE,
            WhalinType.DATE,
            WhalinType.STRING_BUILDER);

    @Override
    public boolean claims(int flags) {
        return (flags & ~(COMPRESSED | SERIALIZED)) == 0;
    }

    @Override
    public Stored open(EncodedValue stored, int maxBytes) {
        boolean packed = (stored.flags() & COMPRESSED) != 0;
        DataBlock data = packed ? Unpacking.zlibOrGzip(stored.data(), maxBytes) : stored.data();
        return new Stored((stored.flags() & SERIALIZED) != 0 ? Encoding.JAVA : WhalinV1Format::typed, data);
    }

    private static Object typed(DataBlock data) {
        int number = data.length() == 0 ? 0 : data.at(0);
        if (number < 1 || number > TYPES.size()) {
            throw new SerdeException(Reason.DECODE, "the first byte " + number + " names no type", null);
        }
        byte[] bytes = data.toByteArray();
        return TYPES.get(number - 1).read(DataBlock.wrap(bytes, 1, bytes.length - 1));
    }

    @Override
    public boolean writes(Class<?> type) {
        WhalinType known = WhalinType.of(type);
        return known != null && TYPES.contains(known);
    }

    @Override
    public boolean isPlain(Class<?> type) {
        return false;
    }

    @Override
    public EncodedValue write(Object value) {
        WhalinType type = WhalinType.of(value.getClass());
        if (type == null) {
            throw Conversion.unwritable(value);
        }
        byte[] bytes = type.write(value).toByteArray();
        byte[] typed = new byte[bytes.length + 1];
        typed[0] = (byte) (TYPES.indexOf(type) + 1);
        System.arraycopy(bytes, 0, typed, 1, bytes.length);
        boolean mayPack = !(value instanceof String text) || options.mayPack(text);
        return options.item(DataBlock.wrap(typed), 0, mayPack);
    }

    @Override
    public @Nullable EncodedValue wrap(Format by, DataBlock data) {
        return by == Format.JAVA ? options.item(data, SERIALIZED, true) : null;
    }
}
