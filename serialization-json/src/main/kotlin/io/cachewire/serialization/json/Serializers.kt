package io.cachewire.serialization.json

import io.cachewire.DataBlock
import io.cachewire.KotlinValueType
import io.cachewire.SerdeException
import io.cachewire.SerdeException.Reason
import io.cachewire.ValueType
import kotlinx.serialization.DeserializationStrategy
import kotlinx.serialization.ExperimentalSerializationApi
import kotlinx.serialization.KSerializer
import kotlinx.serialization.Serializable
import kotlinx.serialization.SerializationException
import kotlinx.serialization.SerializationStrategy
import kotlinx.serialization.descriptors.PolymorphicKind
import kotlinx.serialization.modules.SerializersModule
import kotlinx.serialization.modules.SerializersModuleCollector
import kotlinx.serialization.serializerOrNull
import java.lang.reflect.GenericArrayType
import java.lang.reflect.Modifier
import java.lang.reflect.ParameterizedType
import java.lang.reflect.Type
import java.lang.reflect.WildcardType
import java.util.concurrent.ConcurrentHashMap
import kotlin.reflect.KClass

/**
 * The serializer of each type, found once per type. Given ones come before those of the module and the compiler plugin.
 */
@OptIn(ExperimentalSerializationApi::class)
internal class Serializers(private val module: SerializersModule, private val given: Map<Class<*>, KSerializer<*>>) {
    /** A type without a serializer is kept as [NONE]. */
    private val found = ConcurrentHashMap<Any, Any>()

    /** The interfaces and abstract classes whose subclasses are registered. */
    private val registered: Set<KClass<*>> = Registered().also { module.dumpTo(it) }.bases

    private val exact = ExactTypes(module)

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
            refusal(type)
        },
        null,
    )

    fun isGiven(type: ValueType<*>): Boolean = type.javaType() in given

    /** Why a type is not taken: of a generic type, the argument that is not. */
    fun refusal(type: ValueType<*>): String {
        val missing = missing(type.javaType()) ?: type.javaType()
        val raw = missing as? Class<*>
        val name = missing.typeName
        return when {
            raw != null && (raw.isInterface || Modifier.isAbstract(raw.modifiers)) && !raw.isArray ->
                "$name is an interface or an abstract class without registered subclasses; make it sealed and " +
                    "@Serializable, register its subclasses in the Json's serializersModule, or give a serializer " +
                    "with withSerializer"

            else ->
                "$name has no serializer; add @Serializable and the serialization plugin of the Kotlin compiler, or " +
                    "give one with withSerializer"
        }
    }

    /** The innermost class that has no serializer. */
    private fun missing(type: Type): Type? = when (type) {
        is ParameterizedType ->
            type.actualTypeArguments.firstNotNullOfOrNull { missing(it) }
                ?: type.rawType.takeUnless { isContainer(it as Class<*>) }

        is GenericArrayType -> missing(type.genericComponentType)

        is WildcardType -> missing(type.upperBounds[0])

        is Class<*> ->
            if (type.isArray) {
                missing(type.componentType)
            } else {
                type.takeIf { it !in RAW && serializerOf(ValueType.of(it)) == null }
            }

        else -> type
    }

    private fun isContainer(type: Class<*>) =
        Collection::class.java.isAssignableFrom(type) || Map::class.java.isAssignableFrom(type) ||
            type.isAnnotationPresent(Serializable::class.java)

    private fun serializerOf(type: ValueType<*>): KSerializer<Any>? {
        if (type is SerializerValueType) {
            @Suppress("UNCHECKED_CAST") // made together with its class
            return type.serializer as KSerializer<Any>
        }
        val kotlinType = (type as? KotlinValueType)?.kotlinType?.takeIf { it.arguments.isNotEmpty() }
        val serializer =
            if (kotlinType == null) {
                found.computeIfAbsent(type.javaType()) {
                    find(type) { exact.of(type.javaType()) ?: module.serializerOrNull(type.javaType()) } ?: NONE
                }
            } else {
                // keyed by the Kotlin type: the Java type of List<Int?> is that of List<Int>
                found.computeIfAbsent(kotlinType) {
                    find(type) { exact.of(kotlinType) ?: module.serializerOrNull(kotlinType) } ?: NONE
                }
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
        // An interface gets a polymorphic serializer from the library even if nobody has registered a subclass.
        val isOpen = serializer != null && serializer.descriptor.kind == PolymorphicKind.OPEN
        return serializer?.takeUnless { isOpen && valueType.rawClass().kotlin !in registered }
    }

    private class Registered : SerializersModuleCollector {
        val bases = HashSet<KClass<*>>()

        override fun <T : Any> contextual(
            kClass: KClass<T>,
            provider: (typeArgumentsSerializers: List<KSerializer<*>>) -> KSerializer<*>,
        ) = Unit

        override fun <Base : Any, Sub : Base> polymorphic(
            baseClass: KClass<Base>,
            actualClass: KClass<Sub>,
            actualSerializer: KSerializer<Sub>,
        ) {
            bases += baseClass
        }

        override fun <Base : Any> polymorphicDefaultSerializer(
            baseClass: KClass<Base>,
            defaultSerializerProvider: (value: Base) -> SerializationStrategy<Base>?,
        ) = Unit

        override fun <Base : Any> polymorphicDefaultDeserializer(
            baseClass: KClass<Base>,
            defaultDeserializerProvider: (className: String?) -> DeserializationStrategy<Base>?,
        ) = Unit
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
