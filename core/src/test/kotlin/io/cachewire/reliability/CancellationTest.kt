package io.cachewire.reliability

import io.cachewire.Protocol
import io.cachewire.fixture.FaultProxy
import io.cachewire.fixture.Gate
import io.cachewire.fixture.HostileServer
import io.cachewire.fixture.MemcachedServer
import io.cachewire.fixture.SeenRequest
import io.cachewire.get
import io.cachewire.set
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.cancel
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.joinAll
import kotlinx.coroutines.launch
import kotlinx.coroutines.withTimeoutOrNull
import java.time.Duration
import java.util.concurrent.atomic.AtomicInteger
import kotlin.random.Random
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** Callers that go away, at every stage of a call. */
class CancellationTest :
    FunSpec({
        test("F01 a call cancelled before it is written is never written") {
            HostileServer.start().use { server ->
                val gate = Gate()
                server.next(SeenRequest.GREETING, gate)
                client(server.address()) {
                    requestTimeout = 5.seconds
                    connectTimeout = 5.seconds
                }.use { cache ->
                    coroutineScope {
                        val cancelled = start { cache.set("never", "1") }
                        val kept = start { cache.set("kept", "1") }
                        gate.awaitRequest()
                        cancelled.cancelAndJoin()
                        gate.open()
                        kept.await().failure shouldBe null
                    }
                    cache.shouldBeInSync()
                    server.lines().none { it.contains("never") } shouldBe true
                    server.value("kept") shouldBe "1"
                }
            }
        }

        eachDialect("F02 a cancelled get's reply is dropped in order") { dialect ->
            HostileServer.start().use { server ->
                client(server.address()) {
                    protocol = dialect
                    requestTimeout = 5.seconds
                }.use { cache ->
                    cache.shouldBeInSync()
                    repeat(20) { round ->
                        server.put("a$round", 0, "of a cancelled call").put("b$round", 0, "b$round")
                        val gate = Gate()
                        server.next(dialect.read, gate)
                        coroutineScope {
                            val cancelled = start { cache.get<String>("a$round") }
                            gate.awaitRequest()
                            val before = start { cache.get<String>("b$round") }
                            cancelled.cancelAndJoin()
                            val after = start { cache.get<String>("absent") }
                            gate.open()
                            before.await().value shouldBe "b$round"
                            after.await().failure shouldBe null
                            after.await().value.shouldBeNull()
                        }
                    }
                    server.accepted() shouldBe 1
                }
            }
        }

        eachDialect("F03 the rest of a half-read value is not taken for replies") { dialect ->
            MemcachedServer.start().use { server ->
                FaultProxy.to(server.address()).use { proxy ->
                    client(proxy.address()) {
                        protocol = dialect
                        requestTimeout = 5.seconds
                    }.use { cache ->
                        cache.set("large", "VALUE small 0 5\r\nwrong\r\nEND\r\n".repeat(30_000))
                        cache.set("small", "right")
                        repeat(3) {
                            val seen = proxy.down().forwarded()
                            proxy.down().rate(4_000_000)
                            coroutineScope {
                                val cancelled = start { cache.get<String>("large") }
                                eventually("the value is on its way") { proxy.down().forwarded() > seen + 100_000 }
                                cancelled.cancelAndJoin()
                                proxy.down().clear()
                                cache.get<String>("small") shouldBe "right"
                            }
                        }
                        cache.shouldBeInSync()
                    }
                }
            }
        }

        test("F04 large writes that are cancelled are whole or not there") {
            MemcachedServer.start("-m", "256").use { server ->
                FaultProxy.to(server.address()).use { proxy ->
                    client(proxy.address()) {
                        requestTimeout = 5.seconds
                        stallTimeout = 5.seconds
                    }.use { cache ->
                        cache.shouldBeInSync()
                        val value = ByteArray(500_000) { (it % 251).toByte() }
                        proxy.up().pause()
                        coroutineScope {
                            val writes = (0 until 40).map { start { cache.set("large$it", value) } }
                            writes.forEach { it.cancel() }
                            writes.joinAll()
                        }
                        proxy.up().resume()
                        cache.shouldRecover()
                        val found =
                            (0 until 40).mapNotNull { cache.get<ByteArray>("large$it") }.onEach {
                                it.contentEquals(value) shouldBe true
                            }
                        (found.size in 1..39) shouldBe true
                    }
                }
            }
        }

        test("F05 ten thousand cancelled calls leave nothing pending") {
            MemcachedServer.start().use { server ->
                FaultProxy.to(server.address()).use { proxy ->
                    client(proxy.address()) {
                        maxPendingRequests = 2000
                        requestTimeout = 5.seconds
                    }.use { cache ->
                        repeat(10) {
                            coroutineScope {
                                val calls = (0 until 1000).map { start { cache.get<String>("k$it") } }
                                calls.forEach { it.cancel() }
                                calls.joinAll()
                            }
                            cache.shouldBeInSync()
                        }
                        many(1900) { cache.get<String>("k$it") }.forEach { it.failure shouldBe null }
                        proxy.accepted() shouldBe 1
                    }
                }
            }
        }

        test("F06 a time-out that meets the reply gives one of the two, and loses no reply") {
            MemcachedServer.start().use { server ->
                FaultProxy.to(server.address()).use { proxy ->
                    client(proxy.address()) { requestTimeout = 5.seconds }.use { cache ->
                        (0 until 16).forEach { cache.set("k$it", "v$it") }
                        proxy.down().latency(Duration.ofMillis(3))
                        val values = AtomicInteger()
                        val timeouts = AtomicInteger()
                        coroutineScope {
                            (0 until 16).map { caller ->
                                async(Dispatchers.Default) {
                                    val random = Random(caller)
                                    repeat(100) {
                                        val value =
                                            withTimeoutOrNull(random.nextInt(1, 8).milliseconds) {
                                                cache.get<String>("k$caller") ?: "a miss"
                                            }
                                        if (value == null) {
                                            timeouts.incrementAndGet()
                                        } else {
                                            value shouldBe "v$caller"
                                            values.incrementAndGet()
                                        }
                                    }
                                }
                            }.awaitAll()
                        }
                        (values.get() > 0 && timeouts.get() > 0) shouldBe true
                        proxy.heal()
                        cache.shouldBeInSync()
                        proxy.accepted() shouldBe 1
                    }
                }
            }
        }

        test("F13 a scope that is cancelled from within takes its own call only") {
            HostileServer.start().use { server ->
                client(server.address()) { protocol = Protocol.META }.use { cache ->
                    cache.shouldBeInSync()
                    val scope = CoroutineScope(Job() + Dispatchers.Default)
                    val gate = Gate()
                    server.next("mg", gate)
                    val call = scope.launch { cache.get<String>("k") }
                    gate.awaitRequest()
                    scope.cancel()
                    call.join()
                    gate.open()
                    cache.shouldBeInSync()
                    server.accepted() shouldBe 1
                }
            }
        }
    })
