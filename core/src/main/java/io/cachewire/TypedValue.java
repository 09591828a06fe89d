package io.cachewire;

import java.util.Objects;

/**
 * A value together with its declared type, for values whose class does not say all: {@code new ValueType<List<User>>() {}.value(users)}.
 * Every write takes one in place of a plain value.
 *
 * @param value what is stored
 * @param type its declared type
 * @param <T> the type
 */
public record TypedValue<T>(T value, ValueType<? super T> type) {
    /** Checks the parts. */
    public TypedValue {
        Objects.requireNonNull(value, "value");
        Objects.requireNonNull(type, "type");
    }

    /** The value itself when it is one already, else the value with its class as its type. */
    public static TypedValue<?> of(Object value) {
        return value instanceof TypedValue<?> typed ? typed : new TypedValue<>(value, ValueType.ofClassOf(value));
    }

    /** The type only: a value does not belong into logs. */
    @Override
    public String toString() {
        return "TypedValue[" + type + "]";
    }
}
