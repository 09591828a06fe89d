package io.cachewire.interop;

import io.cachewire.DataBlock;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * The value of an expression in Python, PHP, Ruby, Perl or JavaScript, as far as the recordings use them: literals,
 * repetition, joining, and a few functions. An object that is no plain data is an {@link Opaque}.
 */
final class ValueExpression {
    /** What is no plain data. */
    record Opaque(String expression) {}

    private record Arguments(List<Object> list) {
        Object get(int i) {
            return list.get(i);
        }

        int number(int i) {
            return Math.toIntExact((Long) list.get(i));
        }
    }

    private final String text;
    private int at;

    private ValueExpression(String text) {
        this.text = text;
    }

    static Object of(String expression) {
        ValueExpression parser = new ValueExpression(expression);
        Object value = parser.sum();
        parser.blanks();
        if (parser.at != expression.length()) {
            throw new IllegalArgumentException("at " + parser.at + " of " + expression);
        }
        return value;
    }

    private Object sum() {
        Object value = product();
        while (true) {
            if (take("+")) {
                value = joined(value, product());
            } else if (take("<<")) {
                value = (big(value)).shiftLeft(((Long) product()).intValue());
            } else {
                return value;
            }
        }
    }

    private static Object joined(Object left, Object right) {
        if (left instanceof List<?> list) {
            List<Object> all = new ArrayList<>(list);
            all.addAll((List<?>) right);
            return all;
        }
        return Decimals.narrowed(big(left).add(big(right)));
    }

    private static BigInteger big(Object number) {
        return new BigInteger(number.toString());
    }

    private Object product() {
        Object value = suffixed();
        while (take("*") || take("x ")) {
            int times = ((Long) suffixed()).intValue();
            value = repeated(value, times);
        }
        return value;
    }

    private static Object repeated(Object value, int times) {
        if (value instanceof List<?> list) {
            List<Object> all = new ArrayList<>();
            for (int i = 0; i < times; i++) {
                all.addAll(list);
            }
            return all;
        }
        if (value instanceof DataBlock data) {
            return latin1(new String(data.toByteArray(), StandardCharsets.ISO_8859_1).repeat(times));
        }
        return ((String) value).repeat(times);
    }

    private Object suffixed() {
        Object value = atom();
        if (take(".b")) {
            return latin1((String) value);
        }
        take(".dup.force_encoding(\"ISO-8859-1\")");
        return value;
    }

    private Object atom() {
        blanks();
        char c = text.charAt(at);
        if (take("b'") || take("b\"")) {
            at--;
            return latin1(string());
        }
        if (c == '\'' || c == '"') {
            return string();
        }
        if (take("[")) {
            return bracketed();
        }
        if (take("({")) {
            Object map = braces();
            take(")");
            return map;
        }
        if (take("{")) {
            return braces();
        }
        if (take("(object) ")) {
            atom();
            return new Opaque("stdClass");
        }
        if (take("(")) {
            return parenthesised();
        }
        if (take("\\")) {
            return new Opaque("reference to " + atom());
        }
        if (take(":")) {
            return new Opaque(word());
        }
        return Character.isDigit(c) || c == '-' ? number() : named(word());
    }

    /** A tuple, a Perl list, or just an expression. */
    private Object parenthesised() {
        int from = at;
        List<Object> elements = elements(")");
        boolean tuple = elements.size() != 1 || text.charAt(at - 2) == ',' || text.startsWith("('", from - 1);
        return tuple ? elements : elements.get(0);
    }

    private List<Object> elements(String end) {
        List<Object> list = new ArrayList<>();
        while (!take(end)) {
            list.add(sum());
            take(",");
        }
        return list;
    }

    /** A list, or a map when PHP's brackets have keys. */
    private Object bracketed() {
        List<Object> list = new ArrayList<>();
        Map<Object, Object> map = new LinkedHashMap<>();
        while (!take("]")) {
            Object element = sum();
            if (take("=>")) {
                map.put(element, sum());
            } else {
                list.add(element);
            }
            take(",");
        }
        return map.isEmpty() ? list : map;
    }

    private Object braces() {
        Map<Object, Object> map = new LinkedHashMap<>();
        LinkedHashSet<Object> set = new LinkedHashSet<>();
        while (!take("}")) {
            blanks();
            int from = at;
            boolean bare = Character.isLetter(text.charAt(at))
                    && !text.startsWith("b'", at)
                    && !"NTF".contains("" + text.charAt(at));
            Object key = bare ? word() : sum();
            if (take("=>") || take(":")) {
                // 1 is True in Python.
                map.put(Boolean.TRUE.equals(key) && map.containsKey(1L) ? 1L : key, sum());
            } else {
                set.add(bare ? of(text.substring(from, at)) : key);
            }
            take(",");
        }
        return set.isEmpty() ? map : set;
    }

    private Object named(String name) {
        switch (name) {
            case "None", "null", "nil", "undef":
                return null;
            case "True", "true":
                return true;
            case "False", "false":
                return false;
            case "nan", "NaN", "NAN":
                return Double.NaN;
            case "INF", "Infinity", "Float::INFINITY", "inf":
                return Double.POSITIVE_INFINITY;
            case "PHP_INT_MAX":
                return Long.MAX_VALUE;
            case "PHP_INT_MIN":
                return Long.MIN_VALUE;
            default:
                return call(name);
        }
    }

    private Object call(String name) {
        if (!take("(")) {
            return new Opaque(name);
        }
        Arguments arguments = new Arguments(elements(")"));
        Object first = arguments.list().isEmpty() ? null : arguments.get(0);
        return switch (name) {
            case "frozenset", "set" ->
                first == null ? new LinkedHashSet<>() : new LinkedHashSet<>((Collection<?>) first);
            case "bytearray" -> first == null ? DataBlock.EMPTY : first;
            case "list" -> first;
            case "bytes" -> bytes((List<?>) first);
            case "Buffer.from" -> bytes((List<?>) first);
            case "float" -> Decimals.real((String) first);
            case "complex" -> "(" + whole(first) + whole(arguments.get(1)) + "j)";
            case "range" -> range(arguments);
            case "str_repeat" -> ((String) first).repeat(arguments.number(1));
            case "array_fill" -> repeated(List.of(arguments.get(2)), arguments.number(1));
            default -> new Opaque(name);
        };
    }

    private static String whole(Object number) {
        return number.toString();
    }

    private static Object bytes(List<?> numbers) {
        byte[] bytes = new byte[numbers.size()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = ((Long) numbers.get(i)).byteValue();
        }
        return DataBlock.wrap(bytes);
    }

    private static List<Object> range(Arguments arguments) {
        int from = arguments.list().size() > 1 ? arguments.number(0) : 0;
        int to = arguments.number(arguments.list().size() - 1);
        List<Object> list = new ArrayList<>();
        for (long i = from; i < to; i++) {
            list.add(i);
        }
        return list;
    }

    static DataBlock latin1(String text) {
        return DataBlock.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private Object number() {
        int from = at;
        if (take("-INF") || take("-Infinity")) {
            return Double.NEGATIVE_INFINITY;
        }
        at++;
        while (at < text.length() && "0123456789.e-+".indexOf(text.charAt(at)) >= 0) {
            boolean sign = "-+".indexOf(text.charAt(at)) >= 0;
            if (sign && text.charAt(at - 1) != 'e') {
                break;
            }
            at++;
        }
        String number = text.substring(from, at);
        if (text.startsWith("+2j", at)) {
            at += 3;
            return "(" + number + "+2j)";
        }
        return Decimals.isInteger(number) ? Decimals.integer(number) : (Object) Double.valueOf(number);
    }

    private String word() {
        int from = at;
        while (at < text.length()
                && (Character.isLetterOrDigit(text.charAt(at)) || "_.:".indexOf(text.charAt(at)) >= 0)) {
            if (text.charAt(at) == ':' && !text.startsWith("::", at) && !text.startsWith("::", at - 1)) {
                break;
            }
            at++;
        }
        return text.substring(from, at);
    }

    private String string() {
        char quote = text.charAt(at++);
        StringBuilder out = new StringBuilder();
        while (text.charAt(at) != quote) {
            char c = text.charAt(at++);
            if (c != '\\') {
                out.append(c);
                continue;
            }
            char kind = text.charAt(at++);
            int digits = kind == 'x' ? 2 : kind == 'u' ? 4 : kind == 'U' ? 8 : 0;
            if (digits > 0) {
                out.appendCodePoint(Integer.parseUnsignedInt(text.substring(at, at + digits), 16));
                at += digits;
            } else {
                int plain = "nrt".indexOf(kind);
                out.append(plain < 0 ? kind : "\n\r\t".charAt(plain));
            }
        }
        at++;
        return out.toString();
    }

    private void blanks() {
        while (at < text.length() && text.charAt(at) == ' ') {
            at++;
        }
    }

    private boolean take(String token) {
        int before = at;
        blanks();
        if (text.startsWith(token, at)) {
            at += token.length();
            return true;
        }
        at = before;
        return false;
    }
}
