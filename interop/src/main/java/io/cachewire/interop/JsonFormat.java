package io.cachewire.interop;

import io.cachewire.DataBlock;
import io.cachewire.serde.EncodedValue;
import io.cachewire.serde.Format;
import io.cachewire.serde.Utf8;
import org.jspecify.annotations.Nullable;

/** The serializer of pymemcache's documentation: text has flag 1, everything else but bytes is JSON with flag 2. */
enum JsonFormat implements ForeignFormat {
    PYMEMCACHE;

    private static final int TEXT = 1;
    private static final int JSON = 2;

    @Override
    public boolean claims(int flags) {
        return flags >= 0 && flags <= JSON;
    }

    @Override
    public Stored open(EncodedValue stored, int maxBytes) {
        Encoding encoding =
                switch (stored.flags()) {
                    case TEXT -> Encoding.TEXT;
                    case JSON -> Encoding.JSON;
                    default -> Encoding.BYTES;
                };
        return new Stored(encoding, stored.data());
    }

    @Override
    public boolean writes(Class<?> type) {
        return JsonWriter.writes(type);
    }

    @Override
    public EncodedValue write(Object value) {
        return value instanceof String text
                ? new EncodedValue(Utf8.encode(text), TEXT)
                : new EncodedValue(JsonWriter.PYTHON.write(value), JSON);
    }

    @Override
    public boolean isPlain(Class<?> type) {
        return type == String.class;
    }

    @Override
    public @Nullable EncodedValue wrap(Format by, DataBlock data) {
        return by == Format.JSON ? new EncodedValue(data, JSON) : null;
    }
}
