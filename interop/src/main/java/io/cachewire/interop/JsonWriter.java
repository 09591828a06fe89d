package io.cachewire.interop;

import io.cachewire.DataBlock;
import io.cachewire.SerdeException;
import io.cachewire.SerdeException.Reason;
import io.cachewire.serde.Utf8;
import java.math.BigInteger;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes plain data as JSON, laid out as one of the languages does. */
enum JsonWriter {
    /** Nothing but what must be escaped is: Ruby and JavaScript. */
    COMPACT(",", ":"),
    /** Blanks behind commas and colons, and ASCII only. */
    PYTHON(", ", ": "),
    /** ASCII only, slashes escaped, and no integers that PHP would make floats of. */
    PHP(",", ":");

    private static final int MAX_DEPTH = 500;

    private final String comma;
    private final String colon;

    JsonWriter(String comma, String colon) {
        this.comma = comma;
        this.colon = colon;
    }

    /** Whether values of a class are written; what containers hold is seen when they are. */
    static boolean writes(Class<?> type) {
        return type == String.class
                || type == Boolean.class
                || Decimals.isNumber(type)
                || Collection.class.isAssignableFrom(type)
                || Map.class.isAssignableFrom(type);
    }

    DataBlock write(Object value) {
        StringBuilder out = new StringBuilder();
        append(out, value, 0);
        return Utf8.encode(out);
    }

    private void append(StringBuilder out, @Nullable Object value, int depth) {
        if (depth > MAX_DEPTH) {
            throw new SerdeException(Reason.LIMIT, "the value nests deeper than " + MAX_DEPTH, null);
        }
        if (value == null || value instanceof Boolean) {
            out.append(value);
        } else if (value instanceof String text) {
            quote(out, text);
        } else if (value instanceof Map<?, ?> map) {
            String separator = "{";
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                out.append(separator);
                quote(out, key(entry.getKey()));
                out.append(colon);
                append(out, entry.getValue(), depth + 1);
                separator = comma;
            }
            out.append(map.isEmpty() ? "{}" : "}");
        } else if (value instanceof Collection<?> elements) {
            String separator = "[";
            for (Object element : elements) {
                out.append(separator);
                append(out, element, depth + 1);
                separator = comma;
            }
            out.append(elements.isEmpty() ? "[]" : "]");
        } else {
            number(out, value);
        }
    }

    private static String key(@Nullable Object key) {
        if (key instanceof String || (key != null && Decimals.asInteger(key) != null)) {
            return key.toString();
        }
        throw new SerdeException(Reason.ENCODE, "a name in JSON is text or an integer", null);
    }

    private void number(StringBuilder out, Object value) {
        BigInteger integer = Decimals.asInteger(value);
        if (integer != null) {
            if (this == PHP) {
                PhpFormat.checkInteger(integer);
            }
            out.append(value);
        } else if (value instanceof Double || value instanceof Float) {
            double real = ((Number) value).doubleValue();
            if (Double.isNaN(real) || Double.isInfinite(real)) {
                throw new SerdeException(Reason.ENCODE, "JSON has no " + real, null);
            }
            out.append(Reals.python(real));
        } else {
            throw Conversion.unwritable(value);
        }
    }

    private void quote(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> out.append('\\').append(c);
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                case '/' -> out.append(this == PHP ? "\\/" : "/");
                default -> {
                    if (c < ' ' || (this == PYTHON && c > '~') || (this == PHP && c > 0x7f)) {
                        out.append(String.format("\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
