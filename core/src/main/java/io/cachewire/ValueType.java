package io.cachewire;

import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The type that a caller asks a value to have, generic arguments included.
 *
 * <p>From Java: {@code ValueType.of(User.class)}, or {@code new ValueType<List<User>>() {}} for a generic type. From Kotlin the
 * reified functions make one that also knows the Kotlin type.
 *
 * @param <T> the type
 */
public abstract class ValueType<T> {
    private final Type javaType;
    private final Class<?> rawClass;

    /**
     * Captures {@code T} from the subclass.
     *
     * @throws IllegalStateException when the subclass leaves {@code T} open
     */
    protected ValueType() {
        Type parent = getClass().getGenericSuperclass();
        if (!(parent instanceof ParameterizedType generic) || generic.getRawType() != ValueType.class) {
            throw new IllegalStateException("write new ValueType<List<User>>() {}");
        }
        javaType = generic.getActualTypeArguments()[0];
        rawClass = rawClass(javaType);
    }

    /** For subclasses that know the type already. */
    protected ValueType(Type javaType, Class<?> rawClass) {
        this.javaType = Objects.requireNonNull(javaType, "javaType");
        this.rawClass = Objects.requireNonNull(rawClass, "rawClass");
    }

    /** The type of a class without type arguments. */
    public static <T> ValueType<T> of(Class<T> type) {
        return new OfClass<>(type);
    }

    /** The type that a {@link Type} stands for. */
    public static ValueType<?> of(Type type) {
        return new OfType(type);
    }

    /** The type of a value that came without one: its class. */
    public static ValueType<?> ofValue(Object value) {
        return ofClassOf(value);
    }

    static ValueType<Object> ofClassOf(Object value) {
        return new OfClass<>(value.getClass());
    }

    /** A value of this type, for a write. */
    public final TypedValue<T> value(T value) {
        return new TypedValue<>(value, this);
    }

    private static Class<?> rawClass(Type type) {
        if (type instanceof Class<?> plain) {
            return plain;
        }
        if (type instanceof ParameterizedType generic) {
            return (Class<?>) generic.getRawType();
        }
        if (type instanceof GenericArrayType array) {
            return rawClass(array.getGenericComponentType()).arrayType();
        }
        if (type instanceof WildcardType wildcard) {
            return rawClass(wildcard.getUpperBounds()[0]);
        }
        throw new IllegalStateException("a value type must name a class, not " + type);
    }

    /** The type with its generic arguments. */
    public final Type javaType() {
        return javaType;
    }

    /** The class of the type, without arguments; the wrapper for a primitive type is not substituted. */
    public final Class<?> rawClass() {
        return rawClass;
    }

    @Override
    public final boolean equals(@Nullable Object other) {
        return other instanceof ValueType<?> that && javaType.equals(that.javaType);
    }

    @Override
    public final int hashCode() {
        return javaType.hashCode();
    }

    @Override
    public String toString() {
        return javaType.getTypeName();
    }

    private static final class OfClass<T> extends ValueType<T> {
        OfClass(Class<?> type) {
            super(type, type);
        }
    }

    private static final class OfType extends ValueType<Object> {
        OfType(Type type) {
            super(type, ValueType.rawClass(type));
        }
    }
}
