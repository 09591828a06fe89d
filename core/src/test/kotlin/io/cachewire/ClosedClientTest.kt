package io.cachewire

import io.cachewire.admin.AdminClient
import io.cachewire.admin.LruTuning
import io.cachewire.admin.SlabClasses
import io.cachewire.admin.WatchLog
import io.cachewire.meta.MetaClient
import io.cachewire.meta.MetaCount
import io.cachewire.meta.MetaDelete
import io.cachewire.meta.MetaGet
import io.cachewire.meta.MetaSet
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.ints.shouldBeGreaterThan
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeInstanceOf
import kotlinx.coroutines.flow.toList
import java.lang.reflect.InvocationTargetException
import java.lang.reflect.Modifier
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CompletionException
import java.util.concurrent.Flow
import java.util.stream.Stream
import kotlin.reflect.KClass
import kotlin.reflect.KFunction
import kotlin.reflect.KVisibility
import kotlin.reflect.full.callSuspend
import kotlin.reflect.full.declaredMemberFunctions
import kotlin.reflect.full.valueParameters
import kotlin.time.Duration.Companion.seconds

/** Every call of every face on a closed client says that the client is closed, whatever the number of servers and keys. */
class ClosedClientTest :
    FunSpec({
        for (servers in listOf(listOf("127.0.0.1:1"), listOf("127.0.0.1:1", "127.0.0.1:2"))) {
            val client = MemcachedClient(*servers.toTypedArray())
            client.close()
            val view = client.namespace("in:").withRequestTimeout(1.seconds)
            val blocking = view.blocking()
            val async = client.async().namespace("in:")
            val server = ServerAddress.parse(servers[0])

            val kotlin =
                listOf(
                    client to MemcachedClient::class,
                    view to MemcachedClient::class,
                    client.admin() to AdminClient::class,
                    view.admin().on(server) to AdminClient::class,
                    view.meta() to MetaClient::class,
                )
            for ((index, entry) in kotlin.withIndex()) {
                val (face, type) = entry
                test("every function of ${type.simpleName}, face $index, ${servers.size} servers") {
                    val calls = type.declaredMemberFunctions.filter { it.isCall() }
                    calls.size shouldBeGreaterThan 3
                    for (call in calls) withClue(call) { face.shouldBeClosed(call, server) }
                }
            }

            val java =
                listOf(
                    client.blocking(), blocking, blocking.admin(), blocking.admin().on(server), blocking.meta(),
                    client.async(), async, async.admin(), async.admin().on(server), async.meta(),
                    client.fireAndForget(), view.fireAndForget(),
                )
            for ((index, face) in java.withIndex()) {
                test("every method of ${face.javaClass.simpleName}, face $index, ${servers.size} servers") {
                    val calls =
                        face.javaClass.declaredMethods.filter {
                            Modifier.isPublic(it.modifiers) && !Modifier.isStatic(it.modifiers) &&
                                !it.isSynthetic && it.name !in NO_CALLS
                        }
                    calls.size shouldBeGreaterThan 3
                    for (call in calls) {
                        withClue(call) {
                            val failure =
                                try {
                                    val given = call.parameterTypes.map { sample(it, server) }
                                    failureOf(call.invoke(face, *given.toTypedArray()), isFuture = true)
                                } catch (e: InvocationTargetException) {
                                    // a future carries it: only arguments are refused at once
                                    CompletableFuture::class.java.isAssignableFrom(call.returnType) shouldBe false
                                    e.targetException
                                }
                            failure.shouldBeInstanceOf<ClientClosedException>()
                                .delivery() shouldBe MemcachedException.Delivery.NOT_SENT
                        }
                    }
                }
            }
        }
    })

/** What needs no server: views, twins, settings, and what changes the client alone. */
private val NO_CALLS =
    setOf(
        "namespace", "withRequestTimeout", "withWriteFailures", "withListener", "fireAndForget", "admin", "meta",
        "on", "blocking", "async", "copy", "settings", "ignoredWrites", "disconnectAll", "forgetDeadServers",
        "cluster", "close", "toString", "withUndecodable",
    )

private fun KFunction<*>.isCall() = visibility == KVisibility.PUBLIC && name !in NO_CALLS

private suspend fun Any.shouldBeClosed(call: KFunction<*>, server: ServerAddress) {
    val change: suspend (Any?) -> Any? = { it ?: "new" }
    val name: (Any) -> CharSequence = { it.toString() }
    val given =
        call.valueParameters.map { parameter ->
            when (parameter.name) {
                "change" -> change
                "name" -> name
                else -> sample((parameter.type.classifier as? KClass<*>)?.java ?: Any::class.java, server)
            }
        }
    val failure =
        try {
            failureOf(call.callSuspend(this, *given.toTypedArray()), isFuture = false)
        } catch (e: InvocationTargetException) {
            e.targetException
        } catch (e: MemcachedException) {
            e
        }
    failure.shouldBeInstanceOf<ClientClosedException>().delivery() shouldBe MemcachedException.Delivery.NOT_SENT
}

/** What an answer that comes later fails with; null when it does not fail. */
private suspend fun failureOf(answer: Any?, isFuture: Boolean): Throwable? = try {
    when (answer) {
        is CompletableFuture<*> -> if (isFuture) answer.join()
        is Stream<*> -> answer.toList()
        is Flow.Publisher<*> -> throw failureOf(answer)
        is kotlinx.coroutines.flow.Flow<*> -> answer.toList()
    }
    null
} catch (e: CompletionException) {
    e.cause
} catch (e: MemcachedException) {
    e
}

private fun failureOf(publisher: Flow.Publisher<*>): Throwable {
    val failed = CompletableFuture<Throwable>()
    publisher.subscribe(
        object : Flow.Subscriber<Any?> {
            override fun onSubscribe(subscription: Flow.Subscription) = subscription.request(1)

            override fun onNext(item: Any?) = error("an element of a closed client")

            override fun onError(throwable: Throwable) {
                failed.complete(throwable)
            }

            override fun onComplete() = error("the end of a stream of a closed client")
        },
    )
    return failed.join()
}

private val KEYS = (1..40).map { "key-$it" }

private fun sample(type: Class<*>, server: ServerAddress): Any = when (type) {
    Collection::class.java -> KEYS
    Map::class.java -> KEYS.associateWith { typed("v") }
    Set::class.java -> setOf(WatchLog.EVICTIONS)
    String::class.java -> "version"
    CharSequence::class.java -> "key"
    Class::class.java -> String::class.java
    ValueType::class.java -> ValueType.of(String::class.java)
    TypedValue::class.java -> typed("v")
    Expiry::class.java -> Expiry.never()
    java.time.Duration::class.java -> java.time.Duration.ofSeconds(1)
    kotlin.time.Duration::class.java -> 1.seconds
    Long::class.javaPrimitiveType, Long::class.javaObjectType -> 1L
    Int::class.javaPrimitiveType, Int::class.javaObjectType -> 1
    ServerAddress::class.java -> server
    MetaGet::class.java -> MetaGet.plain()
    MetaSet::class.java -> MetaSet.plain().newCas(7)
    MetaDelete::class.java -> MetaDelete.plain()
    MetaCount::class.java -> MetaCount.up(1)
    LruTuning::class.java -> LruTuning(20, 40, 0.5, 0.5)
    SlabClasses::class.java -> SlabClasses.all()
    java.util.function.Function::class.java -> java.util.function.Function<Any?, Any?> { it ?: "new" }
    Any::class.java -> "value"
    else -> type.enumConstants?.first() ?: error("no sample of $type")
}
