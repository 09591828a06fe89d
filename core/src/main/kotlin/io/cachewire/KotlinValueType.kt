package io.cachewire

import kotlin.reflect.KClass
import kotlin.reflect.KType
import kotlin.reflect.javaType

/**
 * A type that knows its Kotlin side: nullability of type arguments, which Java's reflection does not show.
 *
 * @property kotlinType the type as it was written
 */
public class KotlinValueType<T : Any>
@PublishedApi
internal constructor(
    public val kotlinType: KType,
    rawClass: KClass<T>,
) : ValueType<T>(javaType(kotlinType, rawClass.javaObjectType), rawClass.javaObjectType) {
    private companion object {
        @OptIn(ExperimentalStdlibApi::class)
        fun javaType(type: KType, raw: Class<*>) = if (type.arguments.isEmpty()) raw else type.javaType
    }
}
