package io.cachewire.serde;

import io.cachewire.SerdeException;
import io.cachewire.SerdeException.Reason;
import io.cachewire.ValueType;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/** What a caller may ask for and what came of it: primitive classes count as their wrappers. */
final class ValueClasses {
    private ValueClasses() {}

    /** The class that values of a type are instances of. */
    static Class<?> boxed(ValueType<?> type) {
        Class<?> raw = type.rawClass();
        return raw.isPrimitive() ? MethodType.methodType(raw).wrap().returnType() : raw;
    }

    /** The value as one of the type. */
    static <T> T cast(@Nullable Object value, ValueType<T> type, int flags) {
        if (value == null) {
            throw new SerdeException(Reason.DECODE, "the serde gave null for " + describe(type, flags), null);
        }
        if (!boxed(type).isInstance(value)) {
            throw mismatch(value.getClass().getTypeName(), type, flags);
        }
        @SuppressWarnings("unchecked") // an instance of the boxed raw class is all that a ValueType can promise
        T typed = (T) value;
        return typed;
    }

    static SerdeException mismatch(String stored, ValueType<?> type, int flags) {
        return new SerdeException(Reason.DECODE, "a " + stored + " was stored, not " + describe(type, flags), null);
    }

    private static String describe(ValueType<?> type, int flags) {
        return type + " (flags " + hex(flags) + ")";
    }

    static String hex(int flags) {
        return "0x" + Integer.toHexString(flags);
    }
}
