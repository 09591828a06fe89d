package io.cachewire

import io.cachewire.fixture.HostileServer
import io.cachewire.fixture.MemcachedServer
import io.cachewire.serde.CacheMiss
import io.cachewire.serde.EncodedValue
import io.cachewire.serde.Serde
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.future.await
import kotlinx.coroutines.runInterruptible
import kotlinx.coroutines.withContext
import java.util.concurrent.Executor
import java.util.concurrent.RejectedExecutionException
import java.util.concurrent.atomic.AtomicInteger
import kotlin.time.Duration.Companion.seconds

/** A value that says which version of the program wrote it. */
private class Versioned(
    val version: Int,
)

/** Takes values of other versions for misses. */
private class VersionedSerde(
    private val version: Int,
) : Serde {
    override fun encodes(type: ValueType<*>): Boolean = type.rawClass() == Versioned::class.java

    override fun encode(key: String, value: Any, type: ValueType<*>): EncodedValue =
        EncodedValue(DataBlock.ofUtf8((value as Versioned).version.toString()), FLAGS)

    override fun decodes(flags: Int): Boolean = flags == FLAGS

    @Suppress("UNCHECKED_CAST")
    override fun <T : Any> decode(key: String, stored: EncodedValue, type: ValueType<T>): T {
        val found = stored.data().toUtf8().toInt()
        if (found != version) throw CacheMiss("version $found")
        return Versioned(found) as T
    }

    private companion object {
        const val FLAGS = 0x40000
    }
}

private val VERSIONED = ValueType.of(Versioned::class.java)
private val NUMBER = ValueType.of(Int::class.javaObjectType)

/** `update` in each face. */
private val FACES: Map<String, suspend (MemcachedClient, String, ValueType<Any>, (Any?) -> Any?) -> Any?> =
    mapOf(
        "suspend" to { cache, key, type, change -> cache.update(key, type, Expiry.never()) { change(it) } },
        "blocking" to { cache, key, type, change ->
            withContext(Dispatchers.IO) { cache.blocking().update(key, type, Expiry.never(), change) }
        },
        "async" to { cache, key, type, change -> cache.async().update(key, type, Expiry.never(), change).await() },
    )

@Suppress("UNCHECKED_CAST")
private fun <T : Any> ValueType<T>.any() = this as ValueType<Any>

/** The loop around a read and a write of the version that was read. */
class UpdateTest :
    FunSpec({
        val server = MemcachedServer.start()
        afterSpec { server.close() }

        for (dialect in listOf(Protocol.META, Protocol.TEXT, Protocol.BINARY)) {
            for ((face, update) in FACES) {
                test("an update replaces a value that its serde takes for a miss, $dialect, $face") {
                    val address = server.address().toString()
                    val old = MemcachedClient(address) {
                        protocol = dialect
                        serde = VersionedSerde(1)
                    }
                    old.use { it.set("k", Versioned(1)) }
                    MemcachedClient(address) {
                        protocol = dialect
                        serde = VersionedSerde(2)
                    }.use { cache ->
                        val seen = ArrayList<Any?>()
                        val stored =
                            update(cache, "k", VERSIONED.any()) {
                                seen.add(it)
                                Versioned(2)
                            }
                        seen shouldBe listOf(null)
                        (stored as Versioned).version shouldBe 2
                        cache.get<Versioned>("k").shouldNotBeNull().version shouldBe 2
                        update(cache, "k", VERSIONED.any()) { null }.shouldBeNull()
                        cache.get<Versioned>("k").shouldNotBeNull()
                        cache.delete("k")
                    }
                }

                test("an update over a value taken for a miss is lost to nobody who wrote meanwhile, $dialect, $face") {
                    MemcachedClient(server.address().toString()) {
                        protocol = dialect
                        serde = VersionedSerde(2)
                    }.use { cache ->
                        MemcachedClient(server.address().toString()) { serde = VersionedSerde(1) }.use { old ->
                            old.set("k", Versioned(1))
                            val seen = ArrayList<Any?>()
                            update(cache, "k", VERSIONED.any()) {
                                seen.add(it)
                                if (seen.size == 1) old.blocking().set("k", Versioned(2))
                                Versioned(2)
                            }
                            seen.map { (it as Versioned?)?.version } shouldBe listOf(null, 2)
                            cache.delete("k")
                        }
                    }
                }
            }
        }

        for ((face, update) in FACES) {
            test("an update says that a server without cas uniques cannot do it, $face") {
                MemcachedServer.start("-C").use { without ->
                    for (dialect in listOf(Protocol.META, Protocol.TEXT, Protocol.BINARY)) {
                        MemcachedClient(without.address().toString()) { protocol = dialect }.use { cache ->
                            cache.delete("k")
                            update(cache, "k", NUMBER.any()) { 1 } shouldBe 1
                            val failure =
                                shouldThrow<UpdateConflictException> { update(cache, "k", NUMBER.any()) { 2 } }
                            failure.message shouldContain "cas uniques"
                            failure.message shouldContain "-C"
                            failure.key() shouldBe "k"
                            cache.get<Int>("k") shouldBe 1
                        }
                    }
                }
            }

            test("fifty writers of one key all have their turn, $face") {
                MemcachedClient(server.address().toString()) { requestTimeout = 5.seconds }.use { cache ->
                    val key = "contended-$face"
                    coroutineScope {
                        List(50) {
                            async(Dispatchers.IO) {
                                repeat(20) { update(cache, key, NUMBER.any()) { ((it as Int?) ?: 0) + 1 } }
                            }
                        }.awaitAll()
                    }
                    cache.get<Int>(key) shouldBe 1000
                }
            }

            test("an update gives up after as many attempts as it may make, $face") {
                MemcachedClient(server.address().toString()) { updateAttempts = 3 }.use { cache ->
                    val calls = AtomicInteger()
                    val failure =
                        shouldThrow<UpdateConflictException> {
                            update(cache.namespace("in:"), "lost-$face", NUMBER.any()) {
                                cache.blocking().set("in:lost-$face", calls.incrementAndGet())
                                -1
                            }
                        }
                    calls.get() shouldBe 3
                    failure.message shouldContain "3 attempts"
                    failure.key() shouldBe "in:lost-$face"
                    cache.get<Int>("in:lost-$face") shouldBe 3
                }
            }
        }

        test("an interrupt ends the wait between two attempts") {
            HostileServer.start().use { other ->
                MemcachedClient(other.address().toString()).use { cache ->
                    val blocking = cache.blocking()
                    val calls = AtomicInteger()
                    shouldThrow<CallInterruptedException> {
                        runInterruptible(Dispatchers.IO) {
                            try {
                                blocking.update("k", NUMBER, Expiry.never()) {
                                    blocking.set("k", calls.incrementAndGet())
                                    if (calls.get() == 5) Thread.currentThread().interrupt()
                                    -1
                                }
                            } finally {
                                Thread.interrupted() shouldBe true
                            }
                        }
                    }
                    calls.get() shouldBe 5
                }
            }
        }

        test("an executor that refuses the next attempt ends the future") {
            val refuses = java.util.concurrent.atomic.AtomicBoolean()
            val executor =
                Executor { task -> if (refuses.get()) throw RejectedExecutionException("full") else task.run() }
            BlockingMemcachedClient.builder(server.address().toString()).build().use { other ->
                AsyncMemcachedClient.builder(
                    server.address().toString(),
                ).callbackExecutor(executor).build().use { cache ->
                    other.set("refused", 1)
                    val update =
                        cache.update("refused", NUMBER, Expiry.never()) {
                            Thread { other.set("refused", 2) }.also(Thread::start).join()
                            -1
                        }
                    // the answer to the write, and what comes behind it, finds no thread
                    val failure = runCatching { update.also { refuses.set(true) }.await() }.exceptionOrNull()
                    (failure is RejectedExecutionException) shouldBe true
                }
            }
        }
    })
