package io.cachewire.reliability

import io.cachewire.ClientClosedException
import io.cachewire.MemcachedClient
import io.cachewire.MemcachedException.Delivery
import io.cachewire.fixture.Delivery.delayed
import io.cachewire.fixture.Delivery.hang
import io.cachewire.fixture.HostileServer
import io.cachewire.fixture.LeakCheck
import io.cachewire.fixture.MemcachedServer
import io.cachewire.get
import io.cachewire.set
import io.cachewire.typed
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.comparables.shouldBeGreaterThan
import io.kotest.matchers.comparables.shouldBeLessThan
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.future.await
import kotlinx.coroutines.withContext
import java.time.Duration
import java.util.concurrent.atomic.AtomicInteger
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TimeSource
import kotlin.time.toJavaDuration

private val CLOSING: Map<String, suspend (MemcachedClient, kotlin.time.Duration) -> Boolean> =
    mapOf(
        "suspend" to { cache, grace -> cache.close(grace) },
        "blocking" to { cache, grace ->
            withContext(Dispatchers.IO) { cache.blocking().close(grace.toJavaDuration()) }
        },
        "async" to { cache, grace -> cache.async().close(grace.toJavaDuration()).await() },
    )

/** A client that is closed with a time of grace finishes what it has accepted. */
class GracefulCloseTest :
    FunSpec({
        for ((face, close) in CLOSING) {
            test("F33 accepted calls end with their answers, later ones are refused, $face") {
                HostileServer.start().use { server ->
                    val baseline = LeakCheck.baseline("cachewire-")
                    server.on("mg", delayed(Duration.ofMillis(300)))
                    val cache = client(server.address()) { requestTimeout = 9.seconds }
                    coroutineScope {
                        cache.set("k", "v")
                        val pending = List(20) { start { cache.get<String>("k") } }
                        eventually("the first is there") { server.count { it.command() == "mg" } >= 1 }
                        val closing = async(Dispatchers.Default) { close(cache, 9.seconds) }
                        eventually("new calls are refused") {
                            val late = runCatching { cache.blocking().get("k", String::class.java) }.exceptionOrNull()
                            late is ClientClosedException && late.delivery() == Delivery.NOT_SENT
                        }
                        pending.awaitAll().forEach {
                            it.failure shouldBe null
                            it.value shouldBe "v"
                        }
                        closing.await() shouldBe true
                    }
                    baseline.awaitBaseline(Duration.ofSeconds(5))
                }
            }

            test("F33 what hangs is cut off after the grace, $face") {
                HostileServer.start().use { server ->
                    server.on("mg", hang())
                    val cache = client(server.address()) {
                        requestTimeout = 30.seconds
                        stallTimeout = 30.seconds
                    }
                    coroutineScope {
                        cache.set("k", "v")
                        val pending = start { cache.get<String>("k") }
                        eventually("it is there") { server.count { it.command() == "mg" } == 1 }
                        val start = TimeSource.Monotonic.markNow()
                        close(cache, 300.milliseconds) shouldBe false
                        start.elapsedNow() shouldBeGreaterThan 250.milliseconds
                        start.elapsedNow() shouldBeLessThan 5.seconds
                        pending.await().shouldFailWith<ClientClosedException>().delivery() shouldBe
                            Delivery.INDETERMINATE
                    }
                }
            }

            test("F33 fire-and-forget writes and calls over many keys are written to their end, $face") {
                MemcachedServer.start("-m", "256").use { server ->
                    client(server.address()) { requestTimeout = 9.seconds }.use { reader ->
                        val cache = client(server.address()) { requestTimeout = 9.seconds }
                        cache.connect()
                        coroutineScope {
                            val keys = (0 until 20_000).map { "many-$it" }
                            val bulk =
                                async(Dispatchers.Default) { cache.setAll(keys.associateWith { typed("v") }, null) }
                            repeat(2_000) { cache.fireAndForget().set("quiet-$it", "v") }
                            val last = AtomicInteger()
                            eventually("the bulk is under way") {
                                last.set(reader.blocking().stats().values.single().getValue("cmd_set").toInt())
                                // more than the quiet ones and the greetings of both clients
                                last.get() > 2_000 + 2 * 2
                            }
                            close(cache, 30.seconds) shouldBe true
                            bulk.await().shouldBeEmpty()
                            reader.getAllResults(
                                keys,
                                io.cachewire.ValueType.of(String::class.java),
                            ).hits().size shouldBe
                                keys.size
                            val quiet = (0 until 2_000).map { "quiet-$it" }
                            reader.getAll(quiet, io.cachewire.ValueType.of(String::class.java)).size shouldBe quiet.size
                        }
                    }
                }
            }

            test("F33 a client without calls closes at once, and twice, $face") {
                val cache = MemcachedClient("127.0.0.1:1")
                val start = TimeSource.Monotonic.markNow()
                close(cache, 30.seconds) shouldBe true
                close(cache, 30.seconds)
                start.elapsedNow() shouldBeLessThan 5.seconds
            }
        }
    })
