package io.cachewire.interop;

import io.cachewire.DataBlock;
import io.cachewire.SerdeException;
import io.cachewire.SerdeException.Reason;
import io.cachewire.serde.EncodedValue;
import io.cachewire.serde.Format;
import io.cachewire.serde.Utf8;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * memcached (npm): text 0, objects, lists, truth values and null as JSON 2, buffers 4, numbers as decimal text 8. Before
 * every CR and LF of a value it puts a backslash, which its reader takes out; the bytes of a buffer go out as the UTF-8 of
 * the Latin-1 characters with these numbers.
 */
enum NodeMemcachedFormat implements ForeignFormat {
    INSTANCE;

    private static final int JSON = 2;
    private static final int BINARY = 4;
    private static final int NUMBER = 8;

    @Override
    public boolean claims(int flags) {
        return flags == 0 || flags == JSON || flags == BINARY || flags == NUMBER;
    }

    @Override
    public Stored open(EncodedValue stored, int maxBytes) {
        DataBlock data = withoutBackslashes(stored.data());
        return switch (stored.flags()) {
            case JSON -> new Stored(Encoding.JSON, data);
            case NUMBER -> new Stored(Decimals::number, data);
            case BINARY -> new Stored(Encoding.BYTES, latin1(data));
            default -> new Stored(Encoding.UNTYPED, data);
        };
    }

    private static DataBlock latin1(DataBlock data) {
        String text = Utf8.decode(data);
        if (text.chars().anyMatch(c -> c > 0xff)) {
            throw new SerdeException(Reason.DECODE, "the buffer has a character above U+00FF", null);
        }
        return DataBlock.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Override
    public boolean writes(Class<?> type) {
        return isPlain(type) || JsonWriter.writes(type);
    }

    @Override
    public EncodedValue write(Object value) {
        if (value instanceof String text) {
            return item(Utf8.encode(text), 0);
        }
        if (value instanceof byte[] bytes) {
            return item(DataBlock.ofUtf8(new String(bytes, StandardCharsets.ISO_8859_1)), BINARY);
        }
        if (value instanceof DataBlock data) {
            return write(data.toByteArray());
        }
        if (value instanceof Number) {
            return item(PlainTextFormat.data(value, PlainTextFormat.Booleans.LOWER_CASE), NUMBER);
        }
        return item(JsonWriter.COMPACT.write(value), JSON);
    }

    @Override
    public @Nullable EncodedValue wrap(Format by, DataBlock data) {
        return by == Format.JSON ? item(data, JSON) : null;
    }

    private static EncodedValue item(DataBlock data, int flags) {
        return new EncodedValue(withBackslashes(data), flags);
    }

    private static boolean breaksLine(byte b) {
        return b == '\r' || b == '\n';
    }

    private static DataBlock withBackslashes(DataBlock data) {
        byte[] out = new byte[data.length() * 2];
        int length = 0;
        for (int i = 0; i < data.length(); i++) {
            if (breaksLine(data.at(i))) {
                out[length++] = '\\';
            }
            out[length++] = data.at(i);
        }
        return length == data.length() ? data : DataBlock.wrap(Arrays.copyOf(out, length));
    }

    private static DataBlock withoutBackslashes(DataBlock data) {
        byte[] out = new byte[data.length()];
        int length = 0;
        for (int i = 0; i < data.length(); i++) {
            boolean added = data.at(i) == '\\' && i + 1 < data.length() && breaksLine(data.at(i + 1));
            if (!added) {
                out[length++] = data.at(i);
            }
        }
        return length == data.length() ? data : DataBlock.wrap(Arrays.copyOf(out, length));
    }
}
