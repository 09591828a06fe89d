package io.cachewire.serialization.json

import kotlinx.serialization.ExperimentalSerializationApi
import kotlinx.serialization.KSerializer
import kotlinx.serialization.Serializable
import kotlinx.serialization.SerializationException
import kotlinx.serialization.builtins.ListSerializer
import kotlinx.serialization.builtins.nullable
import kotlinx.serialization.descriptors.SerialDescriptor
import kotlinx.serialization.descriptors.StructureKind
import kotlinx.serialization.encoding.Decoder
import kotlinx.serialization.encoding.Encoder
import kotlinx.serialization.modules.SerializersModule
import kotlinx.serialization.serializer
import java.lang.reflect.GenericArrayType
import java.lang.reflect.Modifier
import java.lang.reflect.ParameterizedType
import java.lang.reflect.Type
import java.lang.reflect.WildcardType
import kotlin.reflect.KClass
import kotlin.reflect.KType

/**
 * Serializers of types with parts that the library writes and does not read as they were: arrays of boxed numbers (`List<Array<Int>>`), of
 * which it makes arrays of primitives, and open classes (`List<Base>`), of whose subclasses it writes what the open class has.
 */
@OptIn(ExperimentalSerializationApi::class)
internal class ExactTypes(
    private val module: SerializersModule,
) {
    /** Null for a type without such parts. */
    fun of(type: KType): KSerializer<*>? = if (hasPart(type)) serializer(type) else null

    /** Null for a type without such parts. */
    fun of(type: Type): KSerializer<*>? = if (hasPart(type)) serializer(type) else null

    private fun isPart(type: Class<*>) = isArray(type) || isOpen(type)

    private fun isOpen(type: Class<*>) = type.modifiers and (Modifier.FINAL or Modifier.ABSTRACT) == 0 &&
        type.isAnnotationPresent(Serializable::class.java)

    private fun exact(type: Class<*>, serializer: KSerializer<*>): KSerializer<*> =
        if (isOpen(type) && serializer.descriptor.kind == StructureKind.CLASS) Exact(type, serializer) else serializer

    private fun isArray(type: Class<*>) = type.isArray && !type.componentType.isPrimitive

    private fun hasPart(type: KType): Boolean = (type.classifier as? KClass<*>)?.let { isPart(it.java) } == true ||
        type.arguments.any { it.type?.let(::hasPart) == true }

    private fun hasPart(type: Type): Boolean = when (type) {
        is Class<*> -> isPart(type)
        is ParameterizedType -> isPart(raw(type)) || type.actualTypeArguments.any(::hasPart)
        is GenericArrayType -> true
        is WildcardType -> hasPart(type.upperBounds[0])
        else -> false
    }

    private fun serializer(type: KType): KSerializer<*> {
        val raw = type.classifier as? KClass<*> ?: throw IllegalArgumentException("not a class: $type")
        val arguments = type.arguments.map {
            serializer(requireNotNull(it.type) { "the arguments of $type are not known" })
        }
        val plain =
            when {
                isArray(
                    raw.java,
                ) -> BoxedArray(arguments.singleOrNull() ?: serializer(raw.java.componentType), component(type, raw))

                arguments.isEmpty() -> exact(raw.java, module.serializer(raw.java))

                else -> exact(raw.java, module.serializer(raw, arguments, false))
            }
        @Suppress("UNCHECKED_CAST") // nullability does not show at run time
        return if (type.isMarkedNullable) (plain as KSerializer<Any>).nullable else plain
    }

    /** The class of the elements; the Kotlin type of a nested array does not tell it. */
    private fun component(type: KType, raw: KClass<*>): Class<*> {
        val element = type.arguments.singleOrNull()?.type ?: return raw.java.componentType
        val classOfElement = element.classifier as? KClass<*> ?: return raw.java.componentType
        return if (isArray(
                classOfElement.java,
            )
        ) {
            component(element, classOfElement).arrayType()
        } else {
            classOfElement.javaObjectType
        }
    }

    private fun serializer(type: Type): KSerializer<*> = when (type) {
        is Class<*> -> if (isArray(
                type,
            )
        ) {
            BoxedArray(serializer(type.componentType), type.componentType)
        } else {
            exact(type, module.serializer(type))
        }

        is GenericArrayType -> BoxedArray(serializer(type.genericComponentType), raw(type.genericComponentType))

        is ParameterizedType ->
            exact(
                raw(type),
                module.serializer(
                    raw(type).kotlin,
                    type.actualTypeArguments.map {
                        serializer(it)
                    },
                    false,
                ),
            )

        is WildcardType -> serializer(type.upperBounds[0])

        else -> throw IllegalArgumentException("not a class: $type")
    }

    private fun raw(type: Type): Class<*> = when (type) {
        is Class<*> -> type
        is ParameterizedType -> type.rawType as Class<*>
        is GenericArrayType -> raw(type.genericComponentType).arrayType()
        is WildcardType -> raw(type.upperBounds[0])
        else -> throw IllegalArgumentException("not a class: $type")
    }

    /** An object of exactly this class: of a subclass something else would be read. */
    private class Exact(
        private val type: Class<*>,
        serializer: KSerializer<*>,
    ) : KSerializer<Any> {
        @Suppress("UNCHECKED_CAST") // it is only given objects of the class
        private val own = serializer as KSerializer<Any>
        override val descriptor: SerialDescriptor get() = own.descriptor

        override fun serialize(encoder: Encoder, value: Any) {
            if (value.javaClass != type) {
                throw SerializationException(
                    "Serializer for class '${value.javaClass.name}' would be that of ${type.name}",
                )
            }
            own.serialize(encoder, value)
        }

        override fun deserialize(decoder: Decoder): Any = own.deserialize(decoder)
    }

    /** An array as a list. */
    private class BoxedArray(
        element: KSerializer<*>,
        private val component: Class<*>,
    ) : KSerializer<Array<*>> {
        @Suppress("UNCHECKED_CAST") // the elements are of the component's class
        private val list = ListSerializer(element as KSerializer<Any?>)
        override val descriptor: SerialDescriptor = list.descriptor

        override fun serialize(encoder: Encoder, value: Array<*>) = list.serialize(encoder, value.asList())

        override fun deserialize(decoder: Decoder): Array<*> {
            val elements = list.deserialize(decoder)

            @Suppress("UNCHECKED_CAST") // made of that class
            val array = java.lang.reflect.Array.newInstance(component, elements.size) as Array<Any?>
            elements.forEachIndexed { index, element -> array[index] = element }
            return array
        }
    }
}
