@file:JvmName("JsonValueTypes")

package io.cachewire.serialization.json

import io.cachewire.ValueType
import kotlinx.serialization.KSerializer
import kotlinx.serialization.serializer
import kotlin.reflect.KClass

/**
 * A type that [JsonSerde] writes and reads with this serializer, whatever its class says; [type] is the class of its
 * values.
 */
public fun <T : Any> jsonValueType(serializer: KSerializer<T>, type: KClass<in T>): ValueType<T> =
    SerializerValueType(serializer, type.javaObjectType)

/** A type with its arguments, as [JsonSerde] writes and reads it: `jsonValueType<List<User>>()`. */
public inline fun <reified T : Any> jsonValueType(): ValueType<T> = jsonValueType(serializer<T>(), T::class)

internal class SerializerValueType<T : Any>(val serializer: KSerializer<T>, type: Class<in T>) :
    ValueType<T>(type, type)
