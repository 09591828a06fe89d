package io.cachewire.internal.call

import io.cachewire.MemcachedClient
import io.cachewire.fixture.AnswersTogether
import io.cachewire.get
import io.cachewire.reliability.count
import io.cachewire.reliability.eventually
import io.cachewire.set
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldStartWith
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.asContextElement
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext
import java.util.concurrent.CountDownLatch
import java.util.concurrent.Executors
import java.util.concurrent.TimeUnit.SECONDS
import kotlin.coroutines.CoroutineContext
import kotlin.time.Duration.Companion.seconds

/** Coroutines whose answers come all at once: a proxy keeps them back until the server has the last request. */
class ResumptionsTest :
    FunSpec({
        val together = AnswersTogether()
        val cache = MemcachedClient(together.address().toString()) { requestTimeout = 10.seconds }
        beforeSpec { for (i in 0 until CALLERS) cache.set("k$i", "v$i") }
        afterSpec {
            cache.close()
            together.close()
        }

        fun <T> answersTogether(calls: () -> List<Deferred<T>>): List<Deferred<T>> =
            together.during("k${CALLERS - 1}", calls)

        suspend fun <T> answeredTogether(calls: CoroutineScope.() -> List<Deferred<T>>): List<T> =
            coroutineScope { answersTogether { calls() }.awaitAll() }

        fun <T> CoroutineScope.call(context: CoroutineContext, index: Int, then: (String?) -> T) =
            async(context, CoroutineStart.UNDISPATCHED) { then(cache.get<String>("k$index")) }

        test("each goes on with its own value, on its own dispatcher") {
            pool("first", 2).use { first ->
                pool("second", 1).use { second ->
                    val dispatchers = listOf(first, second, Dispatchers.Default, Dispatchers.IO.limitedParallelism(3))
                    val names = listOf("first", "second", "DefaultDispatcher", "DefaultDispatcher")
                    val seen =
                        answeredTogether {
                            List(CALLERS) { i ->
                                call(dispatchers[i / 3 % 4], i) { Triple(i, it, Thread.currentThread().name) }
                            }
                        }
                    for ((i, value, thread) in seen) {
                        value shouldBe "v$i"
                        thread shouldStartWith names[i / 3 % 4]
                    }
                }
            }
        }

        // the first, before anything has been found to take long, and one in the middle of any share
        for (busy in listOf(0, 27)) {
            test("number $busy keeps its thread busy until all others have run, and holds up none of them") {
                pool("pool", 2).use { pool ->
                    val others = CountDownLatch(CALLERS - 1)
                    val finished =
                        answeredTogether {
                            List(CALLERS) { i ->
                                call(pool, i) {
                                    if (i == busy) {
                                        others.await(10, SECONDS)
                                    } else {
                                        others.countDown()
                                        true
                                    }
                                }
                            }
                        }
                    finished.all { it } shouldBe true
                }
            }
        }

        test("one that keeps its thread busy until a request of another has come does not keep it back") {
            pool("pool", 1).use { pool ->
                val cameInTime =
                    answeredTogether {
                        List(CALLERS) { i ->
                            async(pool, CoroutineStart.UNDISPATCHED) {
                                cache.get<String>("k$i")
                                if (i > 0) return@async true
                                val next = async(pool, CoroutineStart.UNDISPATCHED) { cache.get<String>("next") }
                                // keeps the thread
                                eventually("the request comes") { together.server().count { it.key() == "next" } == 1 }
                                next.await() == null
                            }
                        }
                    }
                cameInTime.all { it } shouldBe true
            }
        }

        test("a single thread and an event loop resume all") {
            runBlocking {
                answeredTogether { List(CALLERS) { call(coroutineContext, it) { value -> value } } }.toSet().size
            } shouldBe CALLERS
            withContext(Dispatchers.Unconfined) {
                answeredTogether { List(CALLERS) { call(Dispatchers.Unconfined, it) { value -> value } } }.toSet().size
            } shouldBe CALLERS
        }

        test("each has the thread-locals of its own context") {
            val local = ThreadLocal<Int>()
            answeredTogether {
                List(CALLERS) { call(Dispatchers.Default + local.asContextElement(it), it) { local.get() } }
            } shouldBe List(CALLERS) { it }
        }

        test("one that was cancelled meanwhile ends as cancelled, and the others get their values") {
            val outcomes =
                coroutineScope {
                    val pending =
                        answersTogether {
                            List(CALLERS) { call(Dispatchers.Default, it) { value -> value } }.also {
                                for (i in it.indices step 5) it[i].cancel()
                            }
                        }
                    pending.map { runCatching { it.await() } }
                }
            outcomes.forEachIndexed { i, outcome ->
                if (i % 5 == 0) {
                    (outcome.exceptionOrNull() is CancellationException) shouldBe true
                } else {
                    outcome.getOrThrow() shouldBe "v$i"
                }
            }
        }
    })

private const val CALLERS = 60

private fun pool(name: String, threads: Int) =
    Executors.newFixedThreadPool(threads) { Thread(it, name) }.asCoroutineDispatcher()
