package io.cachewire.interop;

import io.cachewire.DataBlock;
import io.cachewire.Escaped;
import io.cachewire.SerdeException;
import io.cachewire.SerdeException.Reason;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads what PHP's {@code serialize} writes for plain data: null, truth values, {@code Long}, {@code Double}, strings
 * ({@code String}, or {@code DataBlock} when they are not UTF-8), and arrays: a {@code List} when the keys are 0, 1, 2, …
 * in this order, else a {@code Map}. References give the value again; an array that contains itself is refused, and so are
 * objects, by their name.
 */
final class PhpReader {
    private static final int MAX_DEPTH = 500;
    private static final int MAX_LENGTH_DIGITS = 10;
    private static final Object IN_PROGRESS = new Object();

    private final byte[] bytes;
    private final KeyGuard keys;
    private final ObjectBudget budget;
    /** Every value in the order of its beginning: what references count. */
    private final List<@Nullable Object> values = new ArrayList<>();

    private int at;

    PhpReader(DataBlock data) {
        bytes = data.toByteArray();
        keys = new KeyGuard(bytes.length);
        budget = new ObjectBudget(bytes.length);
    }

    @Nullable
    Object read() {
        Object value = value(0);
        if (at != bytes.length) {
            throw wrong();
        }
        Nesting.check(value, bytes.length);
        return value;
    }

    private @Nullable Object value(int depth) {
        if (depth > MAX_DEPTH) {
            throw new SerdeException(Reason.LIMIT, "the value nests deeper than " + MAX_DEPTH, null);
        }
        char type = next();
        if (type == 'R' || type == 'r') {
            require(':');
            return reference(type);
        }
        int slot = values.size();
        values.add(IN_PROGRESS);
        Object value = type == 'N' ? nothing() : typed(type, depth);
        values.set(slot, value);
        return value;
    }

    private @Nullable Object nothing() {
        require(';');
        return null;
    }

    private Object typed(char type, int depth) {
        require(':');
        return switch (type) {
            case 'b' -> bool();
            case 'i' -> integer(until(';'));
            case 'd' -> Decimals.real(until(';'));
            case 's', 'S' -> string(type);
            case 'a' -> array(depth);
            case 'O', 'C', 'E' -> throw object();
            default -> throw wrong();
        };
    }

    private static long integer(String text) {
        if (Decimals.integer(text) instanceof Long number) {
            return number;
        }
        throw new SerdeException(Reason.DECODE, "an integer of PHP has 64 bits", null);
    }

    private boolean bool() {
        return switch (until(';')) {
            case "1" -> true;
            case "0" -> false;
            default -> throw wrong();
        };
    }

    private Object string(char type) {
        int length = length();
        require('"');
        byte[] content = new byte[Math.min(length, bytes.length - at)];
        for (int i = 0; i < content.length; i++) {
            char c = next();
            content[i] = (byte) (type == 'S' && c == '\\' ? escaped() : c);
        }
        if (content.length < length) {
            throw wrong();
        }
        require('"');
        require(';');
        return PlainText.orBytes(DataBlock.wrap(content));
    }

    private int escaped() {
        int high = Character.digit(next(), 16);
        int low = Character.digit(next(), 16);
        if (high < 0 || low < 0) {
            throw wrong();
        }
        return high << 4 | low;
    }

    private Object array(int depth) {
        int count = length();
        require('{');
        budget.take();
        Map<@Nullable Object, @Nullable Object> map = new LinkedHashMap<>();
        boolean list = true;
        for (int i = 0; i < count; i++) {
            Object key = key();
            list &= key.equals((long) i);
            keys.put(map, key, value(depth + 1));
        }
        require('}');
        return list ? new ArrayList<>(map.values()) : map;
    }

    private Object key() {
        char type = next();
        require(':');
        return switch (type) {
            case 'i' -> integer(until(';'));
            case 's', 'S' -> string(type);
            default -> throw wrong();
        };
    }

    private @Nullable Object reference(char type) {
        Number number = Decimals.integer(until(';'));
        long slot = number.longValue() - 1;
        if (slot < 0 || slot >= values.size()) {
            throw wrong();
        }
        Object value = values.get((int) slot);
        if (value == IN_PROGRESS) {
            throw new SerdeException(Reason.DECODE, "an array contains itself", null);
        }
        if (type == 'r') {
            values.add(value);
        }
        return value;
    }

    private SerdeException object() {
        int length = length();
        require('"');
        int shown = Math.min(length, bytes.length - at);
        String name = new String(bytes, at, shown, StandardCharsets.ISO_8859_1);
        return new SerdeException(
                Reason.FORBIDDEN_CLASS,
                "the value holds an object of the PHP class " + Escaped.text(name) + ", which is not plain data",
                null);
    }

    private int length() {
        String digits = until(':');
        boolean fine = digits.length() <= MAX_LENGTH_DIGITS
                && !digits.isEmpty()
                && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        long length = fine ? Long.parseLong(digits) : Long.MAX_VALUE;
        if (length > bytes.length - at) {
            throw wrong();
        }
        return (int) length;
    }

    private String until(char end) {
        int from = at;
        while (at < bytes.length && bytes[at] != end) {
            at++;
        }
        String text = new String(bytes, from, at - from, StandardCharsets.ISO_8859_1);
        require(end);
        return text;
    }

    private char next() {
        if (at >= bytes.length) {
            throw wrong();
        }
        return (char) (bytes[at++] & 0xff);
    }

    private void require(char c) {
        if (next() != c) {
            throw wrong();
        }
    }

    private SerdeException wrong() {
        return new SerdeException(Reason.DECODE, "no value of PHP's serialize at byte " + at, null);
    }
}
