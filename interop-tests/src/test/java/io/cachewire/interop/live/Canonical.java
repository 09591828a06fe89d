package io.cachewire.interop.live;

import io.cachewire.DataBlock;
import java.math.BigInteger;
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
