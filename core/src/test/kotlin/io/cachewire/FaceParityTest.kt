package io.cachewire

import io.cachewire.admin.AdminClient
import io.cachewire.admin.AsyncAdminClient
import io.cachewire.admin.BlockingAdminClient
import io.cachewire.meta.AsyncMetaClient
import io.cachewire.meta.BlockingMetaClient
import io.cachewire.meta.MetaClient
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainAll
import io.kotest.matchers.ints.shouldBeGreaterThan
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldNotContain
import java.lang.reflect.Method
import java.lang.reflect.Modifier

/**
 * The three faces have the same operations. A function of the suspend face has its twin in the blocking and the
 * async face under the table of [FaceFunction], and the other way round; what deviates is named here with its
 * reason, and a name that is no longer needed fails.
 */
class FaceParityTest :
    FunSpec({
        val suspending = FaceFunction.ofSuspendFace()
        val blocking = FaceFunction.ofJavaFace(BlockingMemcachedClient::class.java)
        val async = FaceFunction.ofJavaFace(AsyncMemcachedClient::class.java)

        test("the reflection finds the faces") {
            suspending.map { it.name }.shouldContainAll("get", "markStale", "setAll", "namespace", "close")
            blocking.size shouldBeGreaterThan 55
            async.size shouldBe blocking.size
        }

        test("the blocking and the async face have the same methods, apart from what they return") {
            fun signatures(face: List<FaceFunction>) = face.map { it.signature }.toSet()
            val twins = setOf("async(): Async", "blocking(): Blocking")
            (signatures(blocking) - signatures(async)) shouldBe setOf(twins.first())
            (signatures(async) - signatures(blocking)) shouldBe setOf(twins.last())
        }

        for ((name, face) in listOf("blocking" to blocking, "async" to async)) {
            test("each function of the suspend face is in the $name face") {
                val there = face.map { it.signature }.toSet()
                val missing = suspending.filter { function -> function.shapes.none { it in there } }
                missing.map { it.signature }.toSet() shouldBe
                    ONLY_SUSPENDING.keys + "$name(): ${name.replaceFirstChar { it.uppercase() }}"
            }

            test("each method of the $name face is in the suspend face") {
                val there = suspending.flatMap { it.shapes }.toSet()
                val missing = face.filter { it.signature !in there }
                missing.map { it.signature }.toSet() shouldBe ONLY_JAVA.keys
            }
        }

        val subFaces =
            mapOf(
                AdminClient::class to listOf(BlockingAdminClient::class.java, AsyncAdminClient::class.java),
                MetaClient::class to listOf(BlockingMetaClient::class.java, AsyncMetaClient::class.java),
            )
        for ((suspendFace, javaFaces) in subFaces) {
            test("the functions of ${suspendFace.simpleName} are those of its Java twins") {
                val functions = FaceFunction.ofSuspendFace(suspendFace)
                for (face in javaFaces) {
                    withClue(face) {
                        val twins = FaceFunction.ofJavaFace(face)
                        val there = twins.map { it.signature }.toSet()
                        functions.filter { function -> function.shapes.none { it in there } }
                            .map { it.signature }.shouldBeEmpty()
                        val known = functions.flatMap { it.shapes }.toSet()
                        twins.filter { it.signature !in known }.map { it.signature }.shouldBeEmpty()
                    }
                }
            }
        }

        test("Java callers see no Kotlin") {
            val forbidden =
                listOf("kotlin.coroutines.Continuation", "kotlin.time.", "kotlin.ULong", "kotlin.jvm.functions")
            val java =
                listOf(
                    BlockingMemcachedClient::class.java,
                    AsyncMemcachedClient::class.java,
                    ClientBuilder::class.java,
                    ClientSettings::class.java,
                    FireAndForgetClient::class.java,
                ) + subFaces.values.flatten()
            for (method in java.flatMap { publicMethods(it) }) {
                for (part in forbidden) {
                    withClue(method) { method.toGenericString() shouldNotContain part }
                }
                withClue(method) { method.name shouldNotContain "-" }
            }
        }

        test("Kotlin callers see no Optional and no future") {
            val kotlin =
                listOf(
                    MemcachedClient::class.java,
                    MemcachedClientConfig::class.java,
                    AdminClient::class.java,
                    MetaClient::class.java,
                    Class.forName("io.cachewire.MemcachedClientExtensionsKt"),
                )
            val found =
                kotlin.flatMap { publicMethods(it) }.filter {
                    JAVA_WORDS.containsMatchIn(it.toGenericString())
                }
            found.shouldBeEmpty()
        }
    })

private val JAVA_WORDS = Regex("java\\.util\\.Optional|CompletableFuture|CompletionStage")

private fun publicMethods(type: Class<*>): List<Method> =
    type.declaredMethods.filter { Modifier.isPublic(it.modifiers) && !it.isSynthetic }

/** What the suspend face has alone, with the reason. */
private val ONLY_SUSPENDING: Map<String, String> =
    mapOf(
        "getAll(Collection<String>, Class<T>): Map<String, T>" to
            "one type argument, so that it can be written alone: getAll<User>(keys)",
        "getAll(Collection<K>, Class<T>, (K) -> CharSequence): Map<K, T>" to
            "Java has it as getAllResults with a function",
        "getAllResults(Collection<K>, ValueType<T>, (K) -> CharSequence): Got<K, T>" to
            "a lambda is the last parameter in Kotlin; in Java the function stands beside the keys that it names",
        "update(CharSequence, Class<T>, Duration?, (T?) -> T): T?" to
            "the short form for Kotlin; Java has the one with ValueType and Expiry",
        "setAllResults(Map<CharSequence, Any>, Duration?): Stored<CharSequence>" to
            "the short form for Kotlin; Java has the one with an expiry",
        "copy((MemcachedClientConfig) -> Unit): Self" to
            "Java has builder(settings), whose build makes the copy",
    )

/** What the Java faces have alone, with the reason. */
private val ONLY_JAVA: Map<String, String> =
    mapOf(
        "getOrDefault(CharSequence, Class<T>, T): T" to "Kotlin has ?:",
        "getAll(Collection<CharSequence>, Class<T>): Map<CharSequence, T>" to
            "the reified getAll of Kotlin takes strings, see above",
        "getAllResults(Collection<K>, (K) -> CharSequence, ValueType<T>): Got<K, T>" to
            "order of parameters, see above",
    )
