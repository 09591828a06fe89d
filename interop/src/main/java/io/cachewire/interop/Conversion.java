package io.cachewire.interop;

import io.cachewire.DataBlock;
import io.cachewire.SerdeException;
import io.cachewire.SerdeException.Reason;
import io.cachewire.ValueType;
import io.cachewire.interop.Encoding.Bit;
import io.cachewire.interop.Encoding.Untyped;
import io.cachewire.serde.CacheMiss;
import io.cachewire.serde.Utf8;
import java.lang.invoke.MethodType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes plain data into the type that the caller asks for. Nothing is lost or guessed: a number becomes another type of
 * number when it is exactly that, text never a number nor a number text. A type argument that is a class is kept for every
 * element ({@code Map<String, Integer>}); {@code Object} and wildcards take what is there.
 *
 * <p>A stored null is a miss, as it is in most of the languages that store one.
 */
final class Conversion {
    /** Elements that may be copied: shared ones count each time, and could be many more than were stored. */
    private static final int MAX_COPIES = 1_000_000;

    private static final int MAX_DEPTH = 500;

    private int copies;

    private Conversion() {}

    static <T> T to(@Nullable Object plain, ValueType<T> type) {
        if (plain == null) {
            throw new CacheMiss("a stored null");
        }
        @SuppressWarnings("unchecked") // the client checks the class
        T value = (T) new Conversion().convert(plain, type.javaType(), 0);
        return value;
    }

    static Class<?> boxed(Class<?> type) {
        return type.isPrimitive() ? MethodType.methodType(type).wrap().returnType() : type;
    }

    /** Whether a type says nothing that plain data do not have. */
    static boolean isPlain(ValueType<?> type) {
        Class<?> raw = boxed(type.rawClass());
        boolean scalar = raw == String.class || raw == Boolean.class || Decimals.isNumber(raw) || raw == Number.class;
        return scalar || raw == Object.class || (isContainer(raw) && type.javaType() instanceof Class<?>);
    }

    private static boolean isContainer(Class<?> type) {
        return Collection.class.isAssignableFrom(type) || Map.class.isAssignableFrom(type);
    }

    static SerdeException unwritable(Object value) {
        return new SerdeException(
                Reason.UNSUPPORTED_TYPE,
                "this client's format has no place for a " + value.getClass().getTypeName(),
                null);
    }

    private Object convert(Object plain, Type target, int depth) {
        Class<?> wanted = boxed(rawClass(target));
        if (plain instanceof Untyped untyped) {
            return untyped(untyped, wanted, target);
        }
        if (plain instanceof Bit bit) {
            return Number.class.isAssignableFrom(wanted)
                    ? convert(bit.value() ? 1L : 0L, target, depth)
                    : convert(bit.value(), target, depth);
        }
        if (target instanceof ParameterizedType generic && isContainer(wanted)) {
            return container(plain, generic, wanted, depth);
        }
        if (plain instanceof List<?> list && wanted == Map.class) {
            return numbered(list);
        }
        if (wanted.isInstance(plain)) {
            return plain;
        }
        Object other = null;
        if (plain instanceof Number number) {
            other = number(number, wanted);
        } else if (plain instanceof DataBlock data && wanted == byte[].class) {
            other = data.toByteArray();
        } else if (plain instanceof Date date && wanted == Instant.class) {
            other = date.toInstant();
        } else if (plain instanceof Instant instant && wanted == Date.class) {
            other = Date.from(instant);
        } else if (plain instanceof String text && wanted == Character.class && text.length() == 1) {
            other = text.charAt(0);
        }
        if (other == null) {
            throw mismatch(plain, target);
        }
        return other;
    }

    private static Class<?> rawClass(Type type) {
        if (type instanceof Class<?> plain) {
            return plain;
        }
        if (type instanceof ParameterizedType generic) {
            return (Class<?>) generic.getRawType();
        }
        if (type instanceof WildcardType wildcard) {
            return rawClass(wildcard.getUpperBounds()[0]);
        }
        return Object.class;
    }

    private static Object untyped(Untyped untyped, Class<?> wanted, Type target) {
        DataBlock data = untyped.data();
        if (wanted == byte[].class) {
            return data.toByteArray();
        }
        if (wanted == DataBlock.class) {
            return data;
        }
        if (wanted == String.class || wanted == CharSequence.class) {
            return Utf8.decode(data);
        }
        if (wanted == Boolean.class) {
            return Decimals.bool(data);
        }
        if (wanted == Number.class || Decimals.isNumber(wanted)) {
            Number number = (Number) Decimals.number(data);
            Object exact = wanted.isInstance(number) ? number : number(number, wanted);
            if (exact != null) {
                return exact;
            }
            throw mismatch(number, target);
        }
        if (wanted != Object.class) {
            throw new SerdeException(Reason.DECODE, "untyped bytes were stored, not a " + target.getTypeName(), null);
        }
        return untyped.natural() == String.class ? PlainText.orBytes(data) : data;
    }

    /** The same number in another class, or null when that cannot hold it. */
    private static @Nullable Object number(Number number, Class<?> wanted) {
        BigInteger integer = Decimals.asInteger(number);
        if (integer == null) {
            double value = number.doubleValue();
            boolean single = (float) value == value || Double.isNaN(value);
            return wanted == Double.class ? (Object) value : wanted == Float.class && single ? (Object) (float) value : null;
        }
        if (wanted == BigInteger.class) {
            return integer;
        }
        if (wanted == Double.class || wanted == Float.class) {
            double value = integer.doubleValue();
            boolean exact = Math.abs(value) <= 1L << (wanted == Double.class ? 53 : 24);
            return !exact ? null : wanted == Double.class ? (Object) value : (Object) (float) value;
        }
        long value = integer.longValue();
        boolean fits = integer.bitLength() <= 63;
        if (wanted == Long.class) {
            return fits ? value : null;
        }
        if (wanted == Integer.class) {
            return fits && (int) value == value ? (int) value : null;
        }
        if (wanted == Short.class) {
            return fits && (short) value == value ? (short) value : null;
        }
        return wanted == Byte.class && fits && (byte) value == value ? (byte) value : null;
    }

    /** A list as a map from its indexes: PHP has one type for both. */
    private static Map<Object, @Nullable Object> numbered(List<?> list) {
        Map<Object, @Nullable Object> map = new LinkedHashMap<>();
        for (Object element : list) {
            map.put((long) map.size(), element);
        }
        return map;
    }

    private Object container(Object plain, ParameterizedType type, Class<?> wanted, int depth) {
        if (depth > MAX_DEPTH) {
            throw new SerdeException(Reason.LIMIT, "the value nests deeper than " + MAX_DEPTH, null);
        }
        Type[] arguments = type.getActualTypeArguments();
        Object shaped = plain instanceof List<?> list && wanted == Map.class ? numbered(list) : plain;
        if (!wanted.isInstance(shaped)) {
            throw mismatch(plain, type);
        }
        if (shaped instanceof Map<?, ?> map && arguments.length == 2) {
            Map<@Nullable Object, @Nullable Object> copy = new LinkedHashMap<>();
            map.forEach((key, value) ->
                    copy.put(element(key, arguments[0], depth), element(value, arguments[1], depth)));
            return wanted.isInstance(copy) ? copy : shaped;
        }
        if (shaped instanceof Collection<?> elements && arguments.length == 1) {
            Collection<@Nullable Object> copy = shaped instanceof Set<?> ? new LinkedHashSet<>() : new ArrayList<>();
            elements.forEach(element -> copy.add(element(element, arguments[0], depth)));
            return wanted.isInstance(copy) ? copy : shaped;
        }
        return shaped;
    }

    private @Nullable Object element(@Nullable Object plain, Type type, int depth) {
        if (++copies > MAX_COPIES) {
            throw new SerdeException(Reason.LIMIT, "the value has more than " + MAX_COPIES + " elements", null);
        }
        return plain == null || rawClass(type) == Object.class ? plain : convert(plain, type, depth + 1);
    }

    private static SerdeException mismatch(Object plain, Type target) {
        String stored =
                plain instanceof Number || plain instanceof String || plain instanceof Boolean || plain instanceof Character
                        ? plain.getClass().getSimpleName()
                        : plain instanceof List<?>
                                ? "list"
                                : plain instanceof Map<?, ?> ? "map" : plain instanceof Set<?> ? "set" : "run of bytes or a date";
        return new SerdeException(Reason.DECODE, "a " + stored + " was stored, not a " + target.getTypeName(), null);
    }
}
