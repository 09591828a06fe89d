package io.cachewire;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How the value of a setting is written as text: under the setting's name, or under several names that begin with it.
 *
 * @param <T> the type of the values
 */
interface TextForm<T> {
    /** The endings of the names: one that is empty, or several like {@code .user}. */
    List<String> endings();

    /**
     * The value.
     *
     * @param texts by ending; one at least
     * @throws IllegalRequestException when they are not of this form; the message says what is expected, and nothing of a password
     */
    T read(Map<String, String> texts);

    /** The texts by ending; none when no text says it. */
    Map<String, String> write(T value);

    /** The form of a value that has one text. */
    static <T> TextForm<T> of(Function<String, T> read, Function<T, @Nullable String> write) {
        return new TextForm<>() {
            @Override
            public List<String> endings() {
                return List.of("");
            }

            @Override
            public T read(Map<String, String> texts) {
                return read.apply(texts.values().iterator().next());
            }

            @Override
            public Map<String, String> write(T value) {
                String text = write.apply(value);
                return text == null ? Map.of() : Map.of("", text);
            }
        };
    }
}
