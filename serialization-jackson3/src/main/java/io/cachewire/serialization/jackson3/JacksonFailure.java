package io.cachewire.serialization.jackson3;

import io.cachewire.SerdeException;
import io.cachewire.SerdeException.Reason;
import io.cachewire.ValueType;
import io.cachewire.serde.CacheMiss;
import java.lang.reflect.Field;
import java.time.DateTimeException;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.exc.InvalidDefinitionException;
import tools.jackson.databind.exc.InvalidTypeIdException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.ValueInstantiationException;

/** What Jackson found wrong, in words that cannot repeat a value: its own messages quote the text and go no further. */
final class JacksonFailure {
    private static final int MOST_CAUSES = 20;

    private JacksonFailure() {}

    static RuntimeException reading(JacksonException e, ValueType<?> type) {
        RuntimeException known = known(e);
        if (known != null) {
            return known;
        }
        if (e instanceof StreamReadException wrong) {
            return new SerdeException(Reason.DECODE, syntax(wrong), null);
        }
        return new SerdeException(Reason.DECODE, "the JSON is not a " + type + what(e) + place(e), cause(e));
    }

    static RuntimeException writing(JacksonException e, ValueType<?> type) {
        RuntimeException known = known(e);
        if (known != null) {
            return known;
        }
        String why = e instanceof InvalidDefinitionException wrong
                ? ": Jackson has no way to write a "
                        + name(
                                wrong.getType() == null
                                        ? Object.class
                                        : wrong.getType().getRawClass())
                : "";
        return new SerdeException(Reason.ENCODE, "a " + type + " cannot be written as JSON" + why + path(e), cause(e));
    }

    /** What a serializer of the user's or one of ours has thrown, which Jackson wraps; and limits. */
    private static @Nullable RuntimeException known(JacksonException e) {
        Throwable cause = e;
        for (int i = 0; cause != null && i < MOST_CAUSES; i++) {
            if (cause instanceof CacheMiss miss) {
                return miss;
            }
            if (cause instanceof SerdeException ours) {
                return ours;
            }
            if (cause instanceof StreamConstraintsException limit) {
                // numbers and names of settings
                return new SerdeException(
                        Reason.LIMIT, "the JSON is beyond a limit: " + limit.getOriginalMessage(), null);
            }
            cause = cause.getCause();
        }
        return null;
    }

    private static String syntax(StreamReadException e) {
        String words = String.valueOf(e.getOriginalMessage());
        return words.startsWith("Duplicate ")
                ? "an object in the JSON has the same name twice" + place(e)
                : "no JSON" + place(e);
    }

    private static String what(JacksonException e) {
        if (e instanceof InvalidTypeIdException) {
            return ": the name of its subtype is missing, or is none of those that are known"
                    + " (class names, as of @JsonTypeInfo(use = CLASS), are not read)";
        }
        if (e instanceof InvalidDefinitionException wrong && wrong.getType() != null) {
            return ": Jackson has no way to read a " + name(wrong.getType().getRawClass());
        }
        if (e instanceof ValueInstantiationException wrong && wrong.getType() != null) {
            return ": " + name(wrong.getType().getRawClass()) + " refused it";
        }
        if (e instanceof MismatchedInputException wrong && wrong.getTargetType() != null) {
            return ": no " + name(wrong.getTargetType());
        }
        return "";
    }

    private static String name(Class<?> type) {
        return type.getTypeName();
    }

    private static String place(JacksonException e) {
        TokenStreamLocation location = e.getLocation();
        String at = location == null || location.getByteOffset() < 0 ? "" : " at byte " + location.getByteOffset();
        return path(e) + at;
    }

    /** The way to the value by properties of classes; keys of maps and names that no class has are text from outside. */
    private static String path(JacksonException e) {
        if (e.getPath().isEmpty()) {
            return "";
        }
        StringBuilder path = new StringBuilder();
        for (JacksonException.Reference step : e.getPath()) {
            if (step.getIndex() >= 0) {
                path.append('[').append(step.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(isDeclared(step) ? step.getPropertyName() : "?");
            }
        }
        return " in " + path;
    }

    private static boolean isDeclared(JacksonException.Reference step) {
        Object from = step.from();
        if (from == null || from instanceof Map || from instanceof Collection) {
            return false;
        }
        Class<?> type = from instanceof Class<?> itself ? itself : from.getClass();
        for (Class<?> one = type; one != null; one = one.getSuperclass()) {
            for (Field field : one.getDeclaredFields()) {
                if (field.getName().equals(step.getPropertyName())) {
                    return true;
                }
            }
        }
        return false;
    }

    /** What the class itself has thrown; parsers of numbers, dates, URIs and so on quote the text. */
    private static @Nullable Throwable cause(JacksonException e) {
        Throwable cause = e.getCause();
        boolean mayQuote = e instanceof MismatchedInputException
                || cause instanceof JacksonException
                || cause instanceof NumberFormatException
                || cause instanceof DateTimeException;
        return mayQuote ? null : cause;
    }
}
