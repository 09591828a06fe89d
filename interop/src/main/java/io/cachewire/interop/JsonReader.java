package io.cachewire.interop;

import io.cachewire.DataBlock;
import io.cachewire.SerdeException;
import io.cachewire.SerdeException.Reason;
import io.cachewire.serde.Utf8;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads one JSON document as plain data: maps, lists, text, {@code Long} or {@code BigInteger}, {@code Double}, truth
 * values, null. {@code NaN} and the infinities are read, because Python and Ruby write them. A name that comes twice is an
 * error, and so is anything after the document.
 */
final class JsonReader {
    private static final int MAX_DEPTH = 500;

    private final String text;
    private final ObjectBudget budget;
    private int at;

    JsonReader(DataBlock data) {
        text = Utf8.decode(data);
        budget = new ObjectBudget(data.length());
    }

    @Nullable
    Object read() {
        Object value = value(0);
        blanks();
        if (at != text.length()) {
            throw wrong();
        }
        return value;
    }

    private @Nullable Object value(int depth) {
        if (depth > MAX_DEPTH) {
            throw new SerdeException(Reason.LIMIT, "the value nests deeper than " + MAX_DEPTH, null);
        }
        blanks();
        return switch (peek()) {
            case '{' -> object(depth);
            case '[' -> array(depth);
            case '"' -> string();
            default -> word();
        };
    }

    private Map<String, @Nullable Object> object(int depth) {
        budget.take();
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        at++;
        blanks();
        if (take('}')) {
            return map;
        }
        do {
            blanks();
            if (peek() != '"') {
                throw wrong();
            }
            String name = string();
            blanks();
            require(':');
            if (map.containsKey(name)) {
                throw new SerdeException(Reason.DECODE, "a name comes twice in one JSON object", null);
            }
            map.put(name, value(depth + 1));
            blanks();
        } while (take(','));
        require('}');
        return map;
    }

    private List<@Nullable Object> array(int depth) {
        budget.take();
        ArrayList<@Nullable Object> list = new ArrayList<>();
        at++;
        blanks();
        if (take(']')) {
            return list;
        }
        do {
            list.add(value(depth + 1));
            blanks();
        } while (take(','));
        require(']');
        list.trimToSize();
        return list;
    }

    private String string() {
        StringBuilder out = new StringBuilder();
        at++;
        while (true) {
            char c = next();
            if (c == '"') {
                return out.toString();
            }
            if (c < ' ') {
                throw wrong();
            }
            out.append(c == '\\' ? escaped() : c);
        }
    }

    private char escaped() {
        char c = next();
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'u' -> {
                int unit = 0;
                for (int i = 0; i < 4; i++) {
                    int digit = Character.digit(next(), 16);
                    if (digit < 0) {
                        throw wrong();
                    }
                    unit = unit << 4 | digit;
                }
                yield (char) unit;
            }
            default -> throw wrong();
        };
    }

    private @Nullable Object word() {
        int from = at;
        while (at < text.length()
                && (Character.isLetterOrDigit(text.charAt(at)) || "+-.".indexOf(text.charAt(at)) >= 0)) {
            at++;
        }
        String word = text.substring(from, at);
        return switch (word) {
            case "null" -> null;
            case "true" -> true;
            case "false" -> false;
            case "NaN", "Infinity", "-Infinity" -> Decimals.real(word);
            default -> number(word);
        };
    }

    private Object number(String word) {
        String digits = word.startsWith("-") ? word.substring(1) : word;
        boolean starts = !digits.isEmpty() && digits.charAt(0) >= '0' && digits.charAt(0) <= '9';
        boolean zeros = digits.length() > 1 && digits.charAt(0) == '0' && Character.isDigit(digits.charAt(1));
        if (!starts || zeros || digits.endsWith(".")) {
            throw wrong();
        }
        return Decimals.isInteger(word) ? Decimals.integer(word) : (Object) Decimals.real(word);
    }

    private void blanks() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private char peek() {
        if (at >= text.length()) {
            throw wrong();
        }
        return text.charAt(at);
    }

    private char next() {
        char c = peek();
        at++;
        return c;
    }

    private boolean take(char c) {
        boolean found = at < text.length() && text.charAt(at) == c;
        if (found) {
            at++;
        }
        return found;
    }

    private void require(char c) {
        if (!take(c)) {
            throw wrong();
        }
    }

    private SerdeException wrong() {
        return new SerdeException(Reason.DECODE, "no JSON at character " + at, null);
    }
}
