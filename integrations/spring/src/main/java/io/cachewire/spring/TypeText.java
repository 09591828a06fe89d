package io.cachewire.spring;

import io.cachewire.ValueType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ClassUtils;

/** Reads the text of a type, as it stands in a property. Not for use by several threads. */
public final class TypeText {
    private final String text;
    private final @Nullable ClassLoader loader;
    private int at;

    private TypeText(String text, @Nullable ClassLoader loader) {
        this.text = text;
        this.loader = loader;
    }

    /**
     * The type that a text names: a class, {@code java.util.List<com.example.Book>}, or an array of a class.
     *
     * @throws IllegalArgumentException when the text names none, or a class that is not there
     */
    public static ValueType<?> parse(String text, @Nullable ClassLoader loader) {
        TypeText reader = new TypeText(text, loader);
        Type type = reader.type();
        if (reader.at < text.length()) {
            throw reader.wrong(null);
        }
        return ValueType.of(type);
    }

    private Type type() {
        int start = at;
        while (at < text.length() && "<>,".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        Class<?> raw;
        try {
            raw = ClassUtils.forName(text.substring(start, at).trim(), loader);
        } catch (ClassNotFoundException | LinkageError | IllegalArgumentException e) {
            throw wrong(e);
        }
        if (at == text.length() || text.charAt(at) != '<') {
            return raw;
        }
        List<Type> arguments = new ArrayList<>();
        do {
            at++;
            arguments.add(type());
        } while (at < text.length() && text.charAt(at) == ',');
        if (at == text.length() || text.charAt(at) != '>' || raw.getTypeParameters().length != arguments.size()) {
            throw wrong(null);
        }
        at++;
        while (at < text.length() && text.charAt(at) == ' ') {
            at++;
        }
        return new GenericType(raw, arguments);
    }

    private IllegalArgumentException wrong(@Nullable Throwable cause) {
        return new IllegalArgumentException("no type: \"" + text + "\"" + (cause == null ? "" : ": " + cause), cause);
    }
}
