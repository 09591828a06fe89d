package io.cachewire

import io.cachewire.meta.MetaCount
import io.cachewire.meta.MetaDelete
import io.cachewire.meta.MetaGet
import io.cachewire.meta.MetaSet
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import java.lang.reflect.InvocationTargetException
import java.util.function.Function
import kotlin.reflect.KClass
import kotlin.reflect.KFunction
import kotlin.reflect.KParameter
import kotlin.reflect.KVisibility
import kotlin.reflect.full.callSuspend
import kotlin.reflect.full.declaredMemberFunctions
import kotlin.reflect.full.valueParameters
import kotlin.reflect.jvm.jvmErasure
import kotlin.time.Duration
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds
import kotlin.time.toJavaDuration

/**
 * One public function of one face, found by reflection, so that none is forgotten. It is called with legal
 * arguments but those given.
 */
class EntryPoint private constructor(
    private val face: Any,
    private val function: KFunction<*>,
) {
    /** The names and types of its parameters. */
    val parameters: List<KParameter> = function.valueParameters

    /** True when it takes many keys at once. */
    val takesMany: Boolean = parameters.any { it.jvmErasure() in MANY }

    /** True when it takes one key or many. */
    val takesKeys: Boolean = takesMany || parameters.any { it.jvmErasure() == CharSequence::class }

    fun has(name: String): Boolean = parameters.any { it.name == name }

    fun has(type: KClass<*>): Boolean = parameters.any { it.jvmErasure() == type }

    /** Calls it and gives its exception as it was thrown. */
    fun call(keys: List<CharSequence> = listOf("k"), override: (KParameter) -> Any? = { null }) {
        val arguments = parameters.map { override(it) ?: argument(it, keys) }.toTypedArray()
        try {
            runBlocking { withTimeout(LIMIT) { function.callSuspend(face, *arguments) } }
        } catch (e: InvocationTargetException) {
            throw e.targetException
        }
    }

    private fun argument(parameter: KParameter, keys: List<CharSequence>): Any? = when (parameter.jvmErasure()) {
        CharSequence::class -> keys.single()
        Collection::class -> keys
        Map::class -> keys.associateWith { if (face is MemcachedClient) typed("v") else "v" }
        Class::class -> String::class.java
        ValueType::class -> ValueType.of(String::class.java)
        TypedValue::class -> typed("v")
        Expiry::class -> Expiry.never()
        Duration::class -> 1.minutes
        java.time.Duration::class -> 1.minutes.toJavaDuration()
        Long::class -> 1L
        Int::class -> 1
        String::class -> "items"
        MetaGet::class -> MetaGet.plain()
        MetaSet::class -> MetaSet.plain()
        MetaDelete::class -> MetaDelete.plain()
        MetaCount::class -> MetaCount.up(1)
        Function::class -> Function<Any?, Any?> { it }
        Any::class -> "v"
        else -> if (parameter.name == "change") suspendIdentity else identity
    }

    override fun toString(): String =
        "${face.javaClass.simpleName}.${function.name}(${parameters.joinToString { it.jvmErasure().simpleName!! }})"

    companion object {
        private val LIMIT = 10.seconds
        private val MANY = setOf(Collection::class, Map::class)
        private val identity: (Any?) -> Any? = { it }
        private val suspendIdentity: suspend (Any?) -> Any? = { it }

        /** Before 2.4 kotlin-reflect cannot read the type of a suspend function. */
        private fun KParameter.jvmErasure(): KClass<*> =
            if (type.classifier == null) Function2::class else type.jvmErasure

        /** All functions of all faces that go to the server or make a view. */
        fun ofAllFaces(client: MemcachedClient): List<EntryPoint> =
            listOf(client, client.blocking(), client.async(), client.fireAndForget()).flatMap(::of) +
                listOf(client.meta(), client.blocking().meta(), client.async().meta()).flatMap(::of) +
                // what takes no key is tested with the commands
                listOf(client.admin(), client.blocking().admin(), client.async().admin()).flatMap(::of)
                    .filter { it.takesKeys }

        private fun of(face: Any): List<EntryPoint> = face::class.declaredMemberFunctions
            .filter { it.visibility == KVisibility.PUBLIC && it.valueParameters.isNotEmpty() }
            .map { EntryPoint(face, it) }
    }
}
