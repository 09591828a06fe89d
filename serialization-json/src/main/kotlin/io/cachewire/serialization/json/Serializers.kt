package io.cachewire.serialization.json

import io.cachewire.DataBlock
import io.cachewire.KotlinValueType
import io.cachewire.SerdeException
import io.cachewire.SerdeException.Reason
import io.cachewire.ValueType
import kotlinx.serialization.ExperimentalSerializationApi
import kotlinx.serialization.KSerializer
import kotlinx.serialization.Serializable
import kotlinx.serialization.SerializationException
import kotlinx.serialization.descriptors.PolymorphicKind
import kotlinx.serialization.modules.SerializersModule
import kotlinx.serialization.serializerOrNull
import java.util.concurrent.ConcurrentHashMap

/**
 * The serializer of each type, found once per type. Given ones come before those of the module and the compiler plugin.
 */
@OptIn(ExperimentalSerializationApi::class)
internal class Serializers(private val module: SerializersModule, private val given: Map<Class<*>, KSerializer<*>>) {
    /** A type without a serializer is kept as [NONE]. */
    private val found = ConcurrentHashMap<Any, Any>()

    fun with(type: Class<*>, serializer: KSerializer<*>): Serializers =
        Serializers(module, given + (type to serializer))

    /** Whether a type is for JSON. One that lacks its type arguments is, so that [of] can say what is missing. */
    fun takes(type: ValueType<*>): Boolean = serializerOf(type) != null || lacksArguments(type)

    /** The serializer of a type that [takes] is true for. */
    fun of(type: ValueType<*>): KSerializer<Any> = serializerOf(type) ?: throw SerdeException(
        Reason.UNSUPPORTED_TYPE,
        if (lacksArguments(type)) {
            "the type arguments of $type are not known: pass the whole type, as in " +
                "new ValueType<List<User>>() {}, jsonValueType<List<User>>() or a reified function"
        } else {
            "$type has no serializer: make it @Serializable or give the serde one"
        },
        null,
    )

    private fun serializerOf(type: ValueType<*>): KSerializer<Any>? {
        if (type is SerializerValueType) {
            @Suppress("UNCHECKED_CAST") // made together with its class
            return type.serializer as KSerializer<Any>
        }
        val kotlinType = (type as? KotlinValueType)?.kotlinType?.takeIf { it.arguments.isNotEmpty() }
        val serializer =
            if (kotlinType == null) {
                found.computeIfAbsent(type.javaType()) {
                    find(type) { module.serializerOrNull(type.javaType()) } ?: NONE
                }
            } else {
                // keyed by the Kotlin type: the Java type of List<Int?> is that of List<Int>
                found.computeIfAbsent(kotlinType) { find(type) { module.serializerOrNull(kotlinType) } ?: NONE }
            }
        @Suppress("UNCHECKED_CAST") // only serializers and NONE are kept
        return if (serializer === NONE) null else serializer as KSerializer<Any>
    }

    private fun find(valueType: ValueType<*>, ask: () -> KSerializer<*>?): KSerializer<*>? {
        given[valueType.javaType()]?.let { return it }
        if (valueType.rawClass() in RAW || lacksArguments(valueType)) {
            return null
        }
        val serializer =
            try {
                ask()
            } catch (_: SerializationException) {
                null // no serializer for one of the arguments
            } catch (_: IllegalArgumentException) {
                null // a kind of type that is not supported
            }
        // An interface gets a polymorphic serializer from the library even if nobody asked for one.
        return serializer?.takeUnless { it.descriptor.kind == PolymorphicKind.OPEN }
    }

    private fun lacksArguments(type: ValueType<*>): Boolean {
        val plain = type.javaType() as? Class<*> ?: return false
        return type !is SerializerValueType &&
            plain !in given &&
            plain.typeParameters.isNotEmpty() &&
            (
                Collection::class.java.isAssignableFrom(plain) ||
                    Map::class.java.isAssignableFrom(plain) ||
                    plain.isAnnotationPresent(Serializable::class.java)
                )
    }

    private companion object {
        val NONE = Any()
        val RAW = setOf(String::class.java, ByteArray::class.java, DataBlock::class.java)
    }
}
