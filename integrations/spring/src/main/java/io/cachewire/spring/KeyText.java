package io.cachewire.spring;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.interceptor.SimpleKey;
import org.springframework.util.ReflectionUtils;

/**
 * The text of a key of Spring's: keys with different text or structure have different texts, whatever blanks and commas are in them. Types are no
 * part of it: {@code 1}, {@code 1L} and {@code "1"} are one key.
 *
 * <p>A list, an array and the parameters of a method are {@code (a,b)}, sets and maps in the order of their texts; {@code \} stands before what
 * would be read as structure. What is not printable ASCII, {@code %} and {@code #} are percent-encoded, and a text that is too long ends after
 * {@value #KEPT} characters with {@code #} and its SHA-256.
 */
final class KeyText implements Function<Object, String> {
    static final int KEPT = 24;

    /** SHA-256 in Base64 without padding. */
    static final int DIGEST = 43;

    /** Long texts are rather hashed than sent. */
    private static final int LONGEST = 150;

    private static final HexFormat HEX = HexFormat.of();

    private static final Field PARAMETERS = parameters();

    private final int limit;

    /**
     * Texts for a cache.
     *
     * @param room how many bytes a key may have
     */
    KeyText(int room) {
        limit = Math.min(room, LONGEST);
    }

    /** The fewest bytes that there must be for a key. */
    static int smallestRoom() {
        return KEPT + 1 + DIGEST;
    }

    /** {@link SimpleKey} shows its parameters in its text only, where a comma in one cannot be told from the end of one. */
    private static Field parameters() {
        Field field = ReflectionUtils.findField(SimpleKey.class, "params", Object[].class);
        if (field == null) {
            throw new IllegalStateException("this version of Spring has another SimpleKey: set a keyText");
        }
        ReflectionUtils.makeAccessible(field);
        return field;
    }

    @Override
    public String apply(Object key) {
        return fit(encoded(text(key)));
    }

    private static String text(Object key) {
        if (key instanceof CharSequence || isPlain(key)) {
            String text = key.toString();
            return text.startsWith("(") || text.startsWith("\\") ? '\\' + text : text;
        }
        StringBuilder out = new StringBuilder();
        append(out, key);
        return out.toString();
    }

    private static boolean isPlain(Object key) {
        return !(key instanceof SimpleKey
                || key instanceof Collection
                || key instanceof Map
                || key instanceof Optional
                || key.getClass().isArray()
                || isWithoutText(key));
    }

    private static boolean isWithoutText(Object key) {
        try {
            return key.getClass().getMethod("toString").getDeclaringClass() == Object.class;
        } catch (NoSuchMethodException e) {
            return true;
        }
    }

    private static void append(StringBuilder out, @Nullable Object part) {
        if (part == null) {
            out.append("\\0");
        } else if (part instanceof SimpleKey) {
            append(out, ReflectionUtils.getField(PARAMETERS, part));
        } else if (part instanceof Optional<?> optional) {
            append(out, optional.isPresent() ? List.of(optional.get()) : List.of());
        } else if (part instanceof Map<?, ?> map) {
            List<String> entries = new ArrayList<>();
            map.forEach((key, value) -> {
                StringBuilder entry = new StringBuilder();
                append(entry, key);
                entry.append('=');
                append(entry, value);
                entries.add(entry.toString());
            });
            Collections.sort(entries);
            out.append('(').append(String.join(",", entries)).append(')');
        } else if (part instanceof Collection<?> parts) {
            List<String> texts = new ArrayList<>();
            for (Object each : parts) {
                StringBuilder text = new StringBuilder();
                append(text, each);
                texts.add(text.toString());
            }
            if (part instanceof Set) {
                Collections.sort(texts);
            }
            // one that is empty differs from one with an empty text
            out.append('(')
                    .append(texts.isEmpty() ? "\\-" : String.join(",", texts))
                    .append(')');
        } else if (part.getClass().isArray()) {
            List<@Nullable Object> elements = new ArrayList<>();
            for (int i = 0; i < Array.getLength(part); i++) {
                elements.add(Array.get(part, i));
            }
            append(out, elements);
        } else if (isWithoutText(part)) {
            throw new IllegalArgumentException("a key of " + part.getClass().getName()
                    + " has no text that is the same in another process: give the class a toString, name a key in the annotation, or set a"
                    + " KeyGenerator");
        } else {
            escape(out, part.toString());
        }
    }

    private static void escape(StringBuilder out, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' || c == '(' || c == ')' || c == ',' || c == '=') {
                out.append('\\');
            }
            out.append(c);
        }
    }

    /** A text in the printable ASCII of any memcached key. */
    static String encoded(String text) {
        StringBuilder out = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean isKept = c > ' ' && c < 0x7f && c != '%' && c != '#';
            if (!isKept && out == null) {
                out = new StringBuilder(text.length() + 16).append(text, 0, i);
            }
            if (out == null) {
                continue;
            }
            if (isKept) {
                out.append(c);
            } else if (Character.isSurrogate(c) && Character.charCount(text.codePointAt(i)) == 1) {
                out.append("%u").append(HEX.toHexDigits(c));
            } else {
                String letter = Character.toString(text.codePointAt(i));
                for (byte each : letter.getBytes(StandardCharsets.UTF_8)) {
                    out.append('%').append(HEX.toHexDigits(each));
                }
                i += letter.length() - 1;
            }
        }
        return out == null ? text : out.toString();
    }

    private String fit(String text) {
        if (text.length() <= limit) {
            return text;
        }
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII));
            return text.substring(0, KEPT)
                    + '#'
                    + Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
