package io.cachewire.interop.live;

import io.cachewire.ValueType;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A kind of value that programs put into caches, and the type that a Java program asks for. */
enum Kind {
    TEXT("text", String.class),
    UNICODE("unicode text", String.class),
    LONG_TEXT("long text", String.class),
    BYTES("bytes", byte[].class),
    INTEGER("integer", Integer.class),
    NEGATIVE("negative", Long.class),
    LONG("64 bits", Long.class),
    HUGE("over 64 bits", BigInteger.class),
    BOOLEAN("boolean", Boolean.class),
    REAL("real", Double.class),
    NULL("null", Object.class),
    LIST("list", List.class),
    MAP("map", Map.class);

    private static final BigInteger BEYOND_LONG = BigInteger.ONE.shiftLeft(70);

    private final String title;
    private final Class<?> type;

    Kind(String title, Class<?> type) {
        this.title = title;
        this.type = type;
    }

    String title() {
        return title;
    }

    ValueType<?> type() {
        return ValueType.of(type);
    }

    /** A value of this kind, another one for each number. */
    Object value(int i) {
        return switch (this) {
            case TEXT -> "text " + i;
            case UNICODE -> "grüße €漢字 😀 " + i;
            case LONG_TEXT -> ("lorem ipsum " + i + " ").repeat(1500);
            case BYTES -> new byte[] {0, (byte) 0xff, '\r', '\n', (byte) 0xc3, (byte) i, 'E', 'N', 'D', '\r', '\n'};
            case INTEGER -> i;
            case NEGATIVE -> -1L - i;
            case LONG -> (1L << 40) + i;
            case HUGE -> BEYOND_LONG.add(BigInteger.valueOf(i));
            case BOOLEAN -> i % 2 == 0;
            case REAL -> i + 0.1;
            case NULL -> null;
            case LIST -> List.of("a", i, List.of(true, 0.5), "é");
            case MAP -> map(i);
        };
    }

    private static Map<String, Object> map(int i) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("name", "Ada " + i);
        map.put("n", i);
        map.put("tags", List.of("x", "y"));
        map.put("ok", true);
        map.put("share", 0.25);
        return map;
    }
}
