package io.cachewire.interop;

import com.fasterxml.jackson.databind.JsonNode;
import io.cachewire.DataBlock;
import io.cachewire.interop.ValueExpression.Opaque;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the value of a row is, in Java: the table between the languages. */
final class ExpectedValue {
    private static final Pattern LONG = Pattern.compile("(.*?)…? ?\\((\\d+) characters, the part repeats\\)");

    /** Values of languages whose strings are bytes. */
    private static final Set<String> BYTES = Set.of("bytes", "binary", "incompressible");

    private ExpectedValue() {}

    static Object of(RecordedRow row) {
        if (row.has("json")) {
            Object value = json(row.json().get("json"));
            boolean php = row.client().equals("php-memcached") && row.config().toString().contains("JSON");
            return php && value instanceof List<?> list ? wholeRealsAsIntegers(list) : value;
        }
        if (row.has("bytes_base64")) {
            return DataBlock.wrap(Base64.getDecoder().decode(row.text("bytes_base64")));
        }
        if (row.has("csharp")) {
            return csharp(row.value(), row.text("csharp"));
        }
        if (row.has("java")) {
            return java(row.value(), row.text("java"));
        }
        for (String language : List.of("python", "php", "ruby", "perl", "javascript")) {
            if (row.has(language)) {
                if (row.client().equals("memjs") && row.value().equals("date")) {
                    return new Opaque("its text in English");
                }
                Object value = special(row.value(), row.text(language));
                boolean bytes = BYTES.contains(row.value()) || (row.value().equals("latin1") && row.json().get("flags").asInt() == 0);
                return bytes && value instanceof String text ? ValueExpression.latin1(text) : value;
            }
        }
        return jvm(row.value());
    }

    /** PHP writes 3.0 as 3 in JSON. */
    private static List<Object> wholeRealsAsIntegers(List<?> list) {
        List<Object> copy = new ArrayList<>();
        list.forEach(element -> copy.add(element instanceof Double real && real == Math.rint(real) ? (Object) real.longValue() : element));
        return copy;
    }

    private static Object json(JsonNode node) {
        if (node.isNull()) {
            return null;
        }
        if (node.isBoolean()) {
            return node.asBoolean();
        }
        if (node.isTextual()) {
            return node.asText();
        }
        if (node.isArray()) {
            List<Object> list = new ArrayList<>();
            node.forEach(element -> list.add(json(element)));
            return list;
        }
        if (node.isObject()) {
            Map<Object, Object> map = new LinkedHashMap<>();
            node.properties().forEach(field -> map.put(field.getKey(), json(field.getValue())));
            return map;
        }
        return node.isIntegralNumber() ? Decimals.narrowed(node.bigIntegerValue()) : (Object) node.asDouble();
    }

    /** The few expressions that are more than literals. */
    private static Object special(String name, String expression) {
        int n = number(expression);
        switch (name) {
            case "memo-300": {
                List<Object> list = new ArrayList<>();
                for (int i = 0; i < 600; i++) {
                    list.add(String.valueOf(i % 300 + n));
                }
                return list;
            }
            case "memo-shared": {
                List<Object> shared = List.of("shared", (long) number(expression.substring(expression.indexOf("'shared'"))));
                return List.of(shared, shared, Map.of("a", shared));
            }
            case "dict-1100": {
                Map<Object, Object> map = new LinkedHashMap<>();
                for (long i = 0; i < 1100; i++) {
                    map.put(i, i * n);
                }
                return map;
            }
            case "deep-100": {
                Object value = (long) number(expression.substring(expression.indexOf("100") + 3));
                for (int i = 0; i < 100; i++) {
                    value = List.of(value);
                }
                return value;
            }
            case "incompressible": {
                if (expression.startsWith("bytes")) {
                    break;
                }
                return digests(number(expression.substring(expression.indexOf("md5") + 3)));
            }
            case "recursive", "recursive-tuple":
                return new Opaque(name);
            case "unicode-bytes":
                return "grüße 漢字";
            case "object":
                return Map.of("a", 1L);
            case "symbol":
                return expression.substring(1);
            case "date":
                return "2023-11-14T22:13:20.123Z";
            case "latin1":
                return "grü";
            case "time":
                return "2023-11-14 22:13:20 +0000";
            default:
                break;
        }
        if (expression.startsWith("__import__") || expression.startsWith("datetime.")) {
            return new Opaque(expression);
        }
        return ValueExpression.of(expression);
    }

    private static String digests(int n) {
        StringBuilder all = new StringBuilder();
        for (int i = 1; i <= 200; i++) {
            try {
                byte[] digest = java.security.MessageDigest.getInstance("MD5")
                        .digest((n + String.valueOf(i)).getBytes(StandardCharsets.US_ASCII));
                all.append(new String(digest, StandardCharsets.ISO_8859_1));
            } catch (java.security.GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }
        return all.toString();
    }

    private static int number(String text) {
        Matcher digits = Pattern.compile("\\d+").matcher(text);
        return digits.find() ? Integer.parseInt(digits.group().length() > 9 ? "0" : digits.group()) : 0;
    }

    private static Object csharp(String type, String text) {
        return switch (type) {
            case "String" -> text;
            case "Byte[]" -> DataBlock.wrap(Base64.getDecoder().decode(text));
            case "ArraySegment`1" -> DataBlock.wrap(new byte[] {2, 3});
            case "Char" -> text.charAt(0);
            case "Single" -> Float.valueOf(text);
            case "Double" -> Double.valueOf(text);
            case "Boolean" -> Boolean.valueOf(text);
            case "null" -> null;
            case "DateTime" -> text.endsWith("Z") ? Instant.parse(text) : LocalDateTime.parse(text);
            case "Decimal", "List`1" -> new Opaque(type);
            default -> Decimals.integer(text);
        };
    }

    private static Object java(String name, String text) {
        Matcher cut = LONG.matcher(text);
        String whole = text;
        if (cut.matches()) {
            whole = repeated(name, cut.group(1), Integer.parseInt(cut.group(2)));
        }
        return switch (name) {
            case "bytes" -> DataBlock.wrap(Base64.getDecoder().decode(text.substring(0, text.indexOf(' '))));
            case "longbytes" -> longBytes(text);
            case "char" -> text.charAt(0);
            case "float", "zerofloat" -> Float.valueOf(text);
            case "double", "nan" -> Double.valueOf(text);
            case "true", "false" -> Boolean.valueOf(text);
            case "date" -> new Date(Long.parseLong(text.substring(0, text.indexOf(' '))));
            case "byte", "short", "zero", "int", "int65536", "negative", "intmin", "long", "zerolong", "longmin" ->
                Decimals.integer(text);
            case "bigint", "list" -> new Opaque(name);
            default -> whole;
        };
    }

    private static String repeated(String name, String part, int length) {
        if (name.startsWith("threshold")) {
            return "x".repeat(length);
        }
        String lorem = part.substring(6, part.indexOf("lorem", 7));
        return "{\"a\":\"" + lorem.repeat(2000) + "\"}";
    }

    private static DataBlock longBytes(String text) {
        String digits = text.substring("the ASCII of ".length(), text.indexOf('…'));
        String part = digits.substring(0, digits.indexOf("0123456789", 1));
        return DataBlock.ofUtf8(part.repeat(2000));
    }

    /** The values of {@code values-jvm.json}, which the README lists. */
    private static Object jvm(String name) {
        return switch (name) {
            case "ascii" -> "hello";
            case "empty" -> "";
            case "unicode" -> "grüße €漢字 😀";
            case "bytes" -> DataBlock.wrap(new byte[] {0, -1, 13, 10, 69, 78, 68, 13, 10});
            case "byte" -> -3L;
            case "zero" -> 0L;
            case "int" -> 42L;
            case "negative" -> -7L;
            case "long" -> 1L << 33;
            case "negativelong" -> -(1L << 33);
            case "longmax" -> Long.MAX_VALUE;
            case "float" -> 3.5f;
            case "double" -> -2.25;
            case "true" -> true;
            case "false" -> false;
            case "date" -> new Date(1_700_000_000_123L);
            case "list" -> new Opaque("ArrayList");
            case "longstring" -> "lorem ipsum dolor ".repeat(2000);
            default -> throw new IllegalArgumentException(name);
        };
    }

    /** Equality across number classes; containers by their elements, sets in any order. */
    static boolean same(Object expected, Object actual) {
        if (expected instanceof Number left && actual instanceof Number right) {
            BigInteger a = Decimals.asInteger(left);
            BigInteger b = Decimals.asInteger(right);
            return a != null && b != null
                    ? a.equals(b)
                    : a == null && b == null && Double.compare(left.doubleValue(), right.doubleValue()) == 0;
        }
        if (expected instanceof List<?> left && actual instanceof List<?> right) {
            boolean equal = left.size() == right.size();
            for (int i = 0; equal && i < left.size(); i++) {
                equal = same(left.get(i), right.get(i));
            }
            return equal;
        }
        if (expected instanceof Map<?, ?> left && actual instanceof Map<?, ?> right) {
            return left.size() == right.size()
                    && same(new ArrayList<>(left.keySet()), new ArrayList<>(right.keySet()))
                    && same(new ArrayList<>(left.values()), new ArrayList<>(right.values()));
        }
        return expected == null ? actual == null : expected instanceof LinkedHashSet<?> set ? set.equals(actual) : expected.equals(actual);
    }
}
