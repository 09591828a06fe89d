package io.cachewire.interop;

import io.cachewire.DataBlock;
import io.cachewire.SerdeException;
import io.cachewire.SerdeException.Reason;
import io.cachewire.serde.EncodedValue;
import io.cachewire.serde.Format;
import io.cachewire.serde.Utf8;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The SerializingTranscoder of spymemcached and xmemcached: text 0, Java serialization 1, the type of everything else in
 * the second byte, 2 marks compression.
 */
record SerializingFormat(JvmOptions options) implements ForeignFormat {
    private static final int SERIALIZED = 1;
    private static final int COMPRESSED = 2;
    private static final int BOOLEAN = 1 << 8;
    private static final int INT = 2 << 8;
    private static final int LONG = 3 << 8;
    private static final int DATE = 4 << 8;
    private static final int BYTE = 5 << 8;
    private static final int FLOAT = 6 << 8;
    private static final int DOUBLE = 7 << 8;
    private static final int BYTES = 8 << 8;

    private static final Map<Integer, Encoding> READERS = Map.of(
            0,
            Encoding.UNTYPED,
            SERIALIZED,
            Encoding.JAVA,
            BOOLEAN,
            SerializingFormat::bool,
            INT,
            data -> (int) BigEndian.read(data, Integer.BYTES),
            LONG,
            data -> BigEndian.read(data, Long.BYTES),
            DATE,
            data -> Date.from(Instant.ofEpochMilli(BigEndian.read(data, Long.BYTES))),
            BYTE,
            data -> (byte) BigEndian.read(data, Byte.BYTES),
            FLOAT,
            data -> Float.intBitsToFloat((int) BigEndian.read(data, Integer.BYTES)),
            DOUBLE,
            data -> Double.longBitsToDouble(BigEndian.read(data, Long.BYTES)),
            BYTES,
            Encoding.BYTES);

    /** What spymemcached takes for JSON, which it never compresses. */
    private static final Pattern JSON = Pattern.compile("[{\\[].*|true|false|null|-?\\d+", Pattern.DOTALL);

    static boolean looksLikeJson(String text) {
        return JSON.matcher(text).matches();
    }

    private static Object bool(DataBlock data) {
        if (data.length() != 1) {
            throw new SerdeException(Reason.DECODE, "a truth value is one byte, not " + data.length(), null);
        }
        return data.at(0) == '1';
    }

    @Override
    public boolean claims(int flags) {
        return READERS.containsKey(flags & ~COMPRESSED);
    }

    @Override
    public Stored open(EncodedValue stored, int maxBytes) {
        Encoding encoding = READERS.getOrDefault(stored.flags() & ~COMPRESSED, Encoding.BYTES);
        boolean packed = (stored.flags() & COMPRESSED) != 0;
        return new Stored(encoding, packed ? Unpacking.zlibOrGzip(stored.data(), maxBytes) : stored.data());
    }

    @Override
    public boolean writes(Class<?> type) {
        return isPlain(type)
                || type == Boolean.class
                || type == Integer.class
                || type == Long.class
                || type == Byte.class
                || type == Float.class
                || type == Double.class
                || type == Date.class;
    }

    @Override
    public EncodedValue write(Object value) {
        if (value instanceof String text) {
            return options.item(Utf8.encode(text), 0, options.mayPack(text));
        }
        if (value instanceof byte[] bytes) {
            return write(DataBlock.copyOf(bytes));
        }
        if (value instanceof DataBlock data) {
            return options.item(data, options.primitivesAsText() ? 0 : BYTES, true);
        }
        if (value instanceof Date date) {
            DataBlock data = options.numbers().write(date.toInstant().toEpochMilli(), Long.BYTES);
            return options.item(data, options.primitivesAsText() ? 0 : DATE, true);
        }
        return options.primitivesAsText()
                ? options.item(DataBlock.ofUtf8(String.valueOf(value)), 0, true)
                : number(value, options.numbers());
    }

    private static EncodedValue number(Object value, BigEndian numbers) {
        if (value instanceof Boolean bit) {
            return new EncodedValue(DataBlock.ofUtf8(bit ? "1" : "0"), BOOLEAN);
        }
        if (value instanceof Byte number) {
            return new EncodedValue(BigEndian.FIXED.write(number, Byte.BYTES), BYTE);
        }
        if (value instanceof Integer number) {
            return new EncodedValue(numbers.write(number, Integer.BYTES), INT);
        }
        if (value instanceof Float number) {
            return new EncodedValue(numbers.write(Float.floatToRawIntBits(number), Integer.BYTES), FLOAT);
        }
        if (value instanceof Double number) {
            return new EncodedValue(numbers.write(Double.doubleToRawLongBits(number), Long.BYTES), DOUBLE);
        }
        return new EncodedValue(numbers.write((Long) value, Long.BYTES), LONG);
    }

    @Override
    public @Nullable EncodedValue wrap(Format by, DataBlock data) {
        return by == Format.JAVA ? options.item(data, SERIALIZED, true) : null;
    }
}
