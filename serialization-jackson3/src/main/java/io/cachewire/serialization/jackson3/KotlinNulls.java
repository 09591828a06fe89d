package io.cachewire.serialization.jackson3;

import io.cachewire.KotlinValueType;
import io.cachewire.SerdeException;
import io.cachewire.SerdeException.Reason;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import kotlin.reflect.KType;
import kotlin.reflect.KTypeProjection;
import org.jspecify.annotations.Nullable;

/** Nulls in collections whose Kotlin type has none, such as {@code List<Int>}: Jackson sees the Java type and lets them in. */
final class KotlinNulls {
    private KotlinNulls() {}

    static void requireNone(Object value, KotlinValueType<?> type) {
        check(value, type.getKotlinType());
    }

    private static void check(@Nullable Object value, KType type) {
        if (value == null) {
            if (!type.isMarkedNullable()) {
                throw new SerdeException(Reason.DECODE, "the JSON has null where a " + type + " was expected", null);
            }
            return;
        }
        List<KTypeProjection> arguments = type.getArguments();
        if (value instanceof Collection<?> elements && arguments.size() == 1) {
            checkAll(elements, arguments.get(0).getType());
        } else if (value instanceof Map<?, ?> map && arguments.size() == 2) {
            checkAll(map.values(), arguments.get(1).getType());
        }
    }

    private static void checkAll(Collection<?> values, @Nullable KType type) {
        if (type == null || type.isMarkedNullable() && type.getArguments().isEmpty()) {
            return;
        }
        for (Object value : values) {
            check(value, type);
        }
    }
}
