package io.cachewire.interop;

import io.cachewire.DataBlock;
import io.cachewire.serde.EncodedValue;
import io.cachewire.serde.Format;
import org.jspecify.annotations.Nullable;

/** The WhalinTranscoder of spymemcached and xmemcached: one flag bit for each type, numbers of full width. */
record WhalinFormat(JvmOptions options) implements ForeignFormat {
    private static final int COMPRESSED = 2;
    private static final int SERIALIZED = 8;

    @Override
    public boolean claims(int flags) {
        int type = flags & ~COMPRESSED;
        return type == SERIALIZED || WhalinType.of(type) != null;
    }

    @Override
    public Stored open(EncodedValue stored, int maxBytes) {
        boolean packed = (stored.flags() & COMPRESSED) != 0;
        DataBlock data = packed ? Unpacking.zlibOrGzip(stored.data(), maxBytes) : stored.data();
        WhalinType type = WhalinType.of(stored.flags() & ~COMPRESSED);
        Encoding encoding = type == null ? Encoding.JAVA : type == WhalinType.BYTES ? Encoding.BYTES : type::read;
        return new Stored(encoding, data);
    }

    @Override
    public boolean writes(Class<?> type) {
        return type == DataBlock.class || WhalinType.of(type) != null;
    }

    @Override
    public EncodedValue write(Object value) {
        Object plain = value instanceof DataBlock data ? data.toByteArray() : value;
        WhalinType type = WhalinType.of(plain.getClass());
        if (type == null) {
            throw Conversion.unwritable(value);
        }
        boolean mayPack = !(value instanceof String text) || options.mayPack(text);
        return options.item(type.write(plain), type.flags(), mayPack);
    }

    @Override
    public @Nullable EncodedValue wrap(Format by, DataBlock data) {
        return by == Format.JAVA ? options.item(data, SERIALIZED, true) : null;
    }
}
