package io.cachewire.interop;

import io.cachewire.DataBlock;
import io.cachewire.SerdeException;
import io.cachewire.SerdeException.Reason;
import io.cachewire.serde.Utf8;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes plain data as PHP's {@code serialize} does. Sets become lists, which is what PHP has. */
final class PhpWriter {
    private static final int MAX_DEPTH = 500;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private PhpWriter() {}

    /** Whether values of a class are written; what containers hold is seen when they are. */
    static boolean writes(Class<?> type) {
        return PickleWriter.writes(type);
    }

    static DataBlock write(Object value) {
        PhpWriter writer = new PhpWriter();
        writer.append(value, 0);
        return DataBlock.wrap(writer.out.toByteArray());
    }

    private void append(@Nullable Object value, int depth) {
        if (depth > MAX_DEPTH) {
            throw new SerdeException(Reason.LIMIT, "the value nests deeper than " + MAX_DEPTH, null);
        }
        if (value == null) {
            ascii("N;");
        } else if (value instanceof Boolean bit) {
            ascii(bit ? "b:1;" : "b:0;");
        } else if (value instanceof String text) {
            string(Utf8.encode(text).toByteArray());
        } else if (value instanceof byte[] bytes) {
            string(bytes);
        } else if (value instanceof DataBlock data) {
            string(data.toByteArray());
        } else if (value instanceof Map<?, ?> map) {
            ascii("a:" + map.size() + ":{");
            map.forEach((key, element) -> {
                key(key);
                append(element, depth + 1);
            });
            ascii("}");
        } else if (value instanceof Collection<?> elements) {
            ascii("a:" + elements.size() + ":{");
            List<@Nullable Object> inOrder = new ArrayList<>(elements);
            for (int i = 0; i < inOrder.size(); i++) {
                ascii("i:" + i + ";");
                append(inOrder.get(i), depth + 1);
            }
            ascii("}");
        } else {
            number(value);
        }
    }

    /** PHP takes a text that is a decimal integer for that integer, so it would not find it again as text. */
    private void key(@Nullable Object key) {
        BigInteger integer = key == null ? null : Decimals.asInteger(key);
        if (integer == null && key instanceof String text && isCanonical(text)) {
            integer = new BigInteger(text);
        }
        if (integer != null && integer.bitLength() <= 63) {
            ascii("i:" + integer + ";");
        } else if (key instanceof String text) {
            string(Utf8.encode(text).toByteArray());
        } else if (key instanceof DataBlock data) {
            string(data.toByteArray());
        } else {
            throw new SerdeException(Reason.ENCODE, "a key in PHP is text or an integer of 64 bits", null);
        }
    }

    private static boolean isCanonical(String text) {
        return text.length() <= 20
                && Decimals.isInteger(text)
                && new BigInteger(text).toString().equals(text);
    }

    private void string(byte[] bytes) {
        ascii("s:" + bytes.length + ":\"");
        out.writeBytes(bytes);
        ascii("\";");
    }

    private void number(Object value) {
        BigInteger integer = Decimals.asInteger(value);
        if (integer != null && integer.bitLength() > 63) {
            throw new SerdeException(Reason.ENCODE, "PHP has no integers beyond 64 bits", null);
        } else if (integer != null) {
            ascii("i:" + integer + ";");
        } else if (value instanceof Double || value instanceof Float) {
            ascii("d:" + Reals.php(((Number) value).doubleValue()) + ";");
        } else {
            throw Conversion.unwritable(value);
        }
    }

    private void ascii(String text) {
        out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }
}
