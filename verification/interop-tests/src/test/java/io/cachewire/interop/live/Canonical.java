package io.cachewire.interop.live;

import io.cachewire.DataBlock;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Compares values across languages: whole numbers by their value, reals as doubles, bytes by content, the rest as it is. */
final class Canonical {
    private Canonical() {}

    static boolean same(Object one, Object other) {
        return Objects.equals(of(one), of(other));
    }

    /** Whether a client without types has kept a number or a truth value as its text. */
    static boolean isTextOf(Object value, Object scalar) {
        String text = value instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : String.valueOf(value);
        return (scalar instanceof Number || scalar instanceof Boolean) && text.equals(String.valueOf(scalar));
    }

    /** As {@link #same}; bytes and the text that they spell in UTF-8 are the same too. */
    static boolean sameOrSpelt(Object one, Object other) {
        return same(spelt(one), spelt(other));
    }

    private static Object spelt(Object value) {
        if (value instanceof byte[] bytes) {
            String text = new String(bytes, StandardCharsets.UTF_8);
            return Arrays.equals(bytes, text.getBytes(StandardCharsets.UTF_8)) ? text : bytes;
        }
        return value;
    }

    private static Object of(Object value) {
        if (value instanceof byte[] bytes) {
            return DataBlock.copyOf(bytes);
        }
        if (value instanceof Float || value instanceof Double) {
            return ((Number) value).doubleValue();
        }
        if (value instanceof Number number) {
            return new BigInteger(number.toString());
        }
        if (value instanceof List<?> list) {
            return list.stream().map(Canonical::of).toList();
        }
        if (value instanceof Map<?, ?> map) {
            Map<Object, Object> all = new LinkedHashMap<>();
            map.forEach((k, v) -> all.put(of(k), of(v)));
            return all;
        }
        return value;
    }
}
