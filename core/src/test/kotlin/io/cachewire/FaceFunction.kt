package io.cachewire

import io.cachewire.admin.AdminClient
import io.cachewire.admin.AsyncAdminClient
import io.cachewire.admin.BlockingAdminClient
import io.cachewire.meta.AsyncMetaClient
import io.cachewire.meta.BlockingMetaClient
import io.cachewire.meta.MetaClient
import org.jspecify.annotations.Nullable
import java.lang.reflect.AnnotatedParameterizedType
import java.lang.reflect.AnnotatedType
import java.lang.reflect.AnnotatedTypeVariable
import java.lang.reflect.AnnotatedWildcardType
import java.lang.reflect.Modifier
import java.lang.reflect.ParameterizedType
import java.lang.reflect.TypeVariable
import java.util.concurrent.CompletableFuture
import java.util.stream.Stream
import kotlin.reflect.KClass
import kotlin.reflect.KFunction
import kotlin.reflect.KParameter
import kotlin.reflect.KType
import kotlin.reflect.KTypeParameter
import kotlin.reflect.KVisibility
import kotlin.reflect.full.declaredMemberFunctions
import kotlin.reflect.full.valueParameters
import kotlin.reflect.jvm.kotlinFunction

/**
 * One public function of a face in words that are the same for all three:
 *
 * | suspend face | blocking face | async face | here |
 * |---|---|---|---|
 * | `T?` | `@Nullable T` | `CompletableFuture<@Nullable T>` | `T?` |
 * | `Unit` | `void` | `CompletableFuture<@Nullable Void>` | `Unit` |
 * | `kotlin.time.Duration` | `java.time.Duration` | `java.time.Duration` | `Duration` |
 * | reified `T` that no parameter has | `Class<T>` behind the key | the same | `Class<T>` |
 * | `TypedValue<*>`, reified `T` of a value | `Object` | `Object` | `Any` |
 * | `Flow<T>` | `Stream<T>` | `Flow.Publisher<T>` | `Flow<T>` |
 * | `K : CharSequence` | `K extends CharSequence` | the same | `CharSequence` |
 * | `suspend (T?) -> T?` | `Function<@Nullable T, @Nullable T>` | the same | `(T?) -> T` |
 *
 * A Kotlin parameter with a default value, or one whose null means a default, is an overload more in Java: [shapes] has
 * every form that Java may give it.
 */
class FaceFunction private constructor(
    val name: String,
    private val parameters: List<Parameter>,
    private val result: String,
) {
    private class Parameter(
        val type: String,
        val nullable: Boolean,
        val optional: Boolean,
    )

    /** Name, parameters and result. */
    val signature: String = signature(parameters.map { if (it.nullable) "${it.type}?" else it.type })

    /** The signatures that a Java twin of a Kotlin function may have. */
    val shapes: List<String>
        get() {
            var forms = listOf(emptyList<String>())
            for (parameter in parameters) {
                val written = forms.map { it + parameter.type }
                val withNull = if (parameter.nullable) forms.map { it + "${parameter.type}?" } else emptyList()
                val omitted = if (parameter.nullable || parameter.optional) forms else emptyList()
                forms = written + withNull + omitted
            }
            return forms.map(::signature)
        }

    private fun signature(types: List<String>) = types.joinToString(prefix = "$name(", postfix = "): $result")

    companion object {
        /** The members of the suspend face and its extensions. */
        fun ofSuspendFace(face: KClass<*> = MemcachedClient::class): List<FaceFunction> {
            val extensions =
                Class.forName("io.cachewire.MemcachedClientExtensionsKt").methods.mapNotNull {
                    it.kotlinFunction
                }.filter {
                    it.visibility == KVisibility.PUBLIC &&
                        it.parameters.firstOrNull { first -> first.kind == KParameter.Kind.EXTENSION_RECEIVER }
                            ?.type?.classifier == face
                }
            val members = face.declaredMemberFunctions.filter { it.visibility == KVisibility.PUBLIC }
            return (members + extensions).map { of(it, face) }
        }

        /** The instance methods of a Java face. */
        fun ofJavaFace(face: Class<*>): List<FaceFunction> = face.declaredMethods
            .filter { Modifier.isPublic(it.modifiers) && !Modifier.isStatic(it.modifiers) && !it.isSynthetic }
            .map { method ->
                val names = JavaNames(face)
                val parameters =
                    method.annotatedParameterTypes.map {
                        Parameter(names.of(it).removeSuffix("?"), JavaNames.isNullable(it), optional = false)
                    }
                FaceFunction(method.name, parameters, names.of(method.annotatedReturnType))
            }

        private fun of(function: KFunction<*>, face: KClass<*>): FaceFunction {
            val reified = function.typeParameters.find { it.isReified }
            val given =
                reified != null && function.valueParameters.any { it.name != "change" && mentions(it.type, reified) }
            val names = KotlinNames(face, ofValues = reified.takeIf { given })
            val parameters =
                function.valueParameters
                    .map { Parameter(names.of(it.type).removeSuffix("?"), it.type.isMarkedNullable, it.isOptional) }
                    .toMutableList()
            if (reified != null && !given) {
                parameters.add(1, Parameter("Class<T>", nullable = false, optional = false))
            }
            return FaceFunction(function.name, parameters, names.of(function.returnType))
        }

        private fun mentions(type: KType, wanted: KTypeParameter): Boolean = type.isOf(wanted) ||
            type.arguments.any { it.type?.let { inner -> mentions(inner, wanted) } == true }
    }

    /** Kotlin types in the common words; [ofValues] is the type parameter for which a Java caller gives any object. */
    private class KotlinNames(
        private val face: KClass<*>,
        private val ofValues: KTypeParameter?,
    ) {
        fun of(type: KType): String {
            if (type.toString() == "???") return UNREAD
            val plain =
                when (val classifier = type.classifier) {
                    face -> "Self"
                    is KTypeParameter -> if (ofValues != null && type.isOf(ofValues)) "Any" else of(classifier)
                    is KClass<*> -> of(classifier, type)
                    else -> error("no name for $type")
                }
            return if (type.isMarkedNullable) "$plain?" else plain
        }

        private fun of(parameter: KTypeParameter): String = when (parameter.upperBounds.single().classifier) {
            CharSequence::class -> "CharSequence"
            else -> parameter.name
        }

        private fun of(type: KClass<*>, whole: KType): String {
            val arguments = whole.arguments.map { projection -> projection.type?.let(::of) ?: "Any" }
            return when {
                type == TypedValue::class -> "Any"
                "->" in whole.toString() -> function(arguments)
                else -> named(type.java, type.simpleName!!, arguments)
            }
        }
    }

    /** Java types in the common words. */
    private class JavaNames(private val face: Class<*>) {
        fun of(annotated: AnnotatedType): String {
            val plain =
                when (annotated) {
                    is AnnotatedParameterizedType -> generic(annotated)
                    is AnnotatedTypeVariable -> variable(annotated.type as TypeVariable<*>)
                    is AnnotatedWildcardType -> bound(annotated)
                    else -> plain(annotated.type as Class<*>)
                }
            return if (isNullable(annotated) && plain != "Unit") "$plain?" else plain
        }

        private fun variable(variable: TypeVariable<*>): String = when (variable.bounds.single()) {
            CharSequence::class.java -> "CharSequence"
            else -> variable.name
        }

        private fun bound(wildcard: AnnotatedWildcardType): String =
            of(wildcard.annotatedLowerBounds.firstOrNull() ?: wildcard.annotatedUpperBounds.single())

        private fun generic(type: AnnotatedParameterizedType): String {
            val raw = (type.type as ParameterizedType).rawType as Class<*>
            val arguments = type.annotatedActualTypeArguments.map(::of)
            return when (raw) {
                CompletableFuture::class.java -> arguments.single()
                java.util.function.Function::class.java -> function(arguments)
                Stream::class.java, java.util.concurrent.Flow.Publisher::class.java -> named(raw, "Flow", arguments)
                else -> named(raw, raw.simpleName, arguments)
            }
        }

        private fun plain(type: Class<*>): String = when (type) {
            face -> "Self"
            Void::class.java, Void.TYPE -> "Unit"
            else -> named(type, type.kotlin.simpleName!!, emptyList())
        }

        companion object {
            fun isNullable(type: AnnotatedType) = type.isAnnotationPresent(Nullable::class.java)
        }
    }
}

private val FACES: Map<Class<*>, String> =
    mapOf(
        MemcachedClient::class.java to "Suspend",
        BlockingMemcachedClient::class.java to "Blocking",
        AsyncMemcachedClient::class.java to "Async",
        AdminClient::class.java to "Admin",
        BlockingAdminClient::class.java to "Admin",
        AsyncAdminClient::class.java to "Admin",
        MetaClient::class.java to "Meta",
        BlockingMetaClient::class.java to "Meta",
        AsyncMetaClient::class.java to "Meta",
    )

/** By name: before 2.4 kotlin-reflect gives a parameter of an extension as another object each time. */
private fun KType.isOf(parameter: KTypeParameter) = (classifier as? KTypeParameter)?.name == parameter.name

/** The one type of a suspend function in the faces, which kotlin-reflect does not read before 2.4. */
private const val UNREAD = "(T?) -> T"

/** Whether the result may be null is not said: reflection does not show it for a suspend function type. */
private fun function(arguments: List<String>) = "(${arguments[0]}) -> ${arguments[1].removeSuffix("?")}"

private fun named(type: Class<*>, simpleName: String, arguments: List<String>): String = when {
    type in FACES -> FACES.getValue(type)
    arguments.isEmpty() -> simpleName
    else -> simpleName + arguments.joinToString(prefix = "<", postfix = ">")
}
