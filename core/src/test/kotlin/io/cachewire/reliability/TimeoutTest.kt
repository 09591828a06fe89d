package io.cachewire.reliability

import io.cachewire.MemcachedException.Delivery
import io.cachewire.RequestTimeoutException
import io.cachewire.fixture.AcceptMode
import io.cachewire.fixture.Delivery.byteByByte
import io.cachewire.fixture.Delivery.hang
import io.cachewire.fixture.FaultProxy
import io.cachewire.fixture.Gate
import io.cachewire.fixture.HostileServer
import io.cachewire.fixture.LeakCheck
import io.cachewire.fixture.MemcachedServer
import io.cachewire.get
import io.cachewire.set
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.comparables.shouldBeLessThan
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.coroutineScope
import java.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** Servers that are slow, silent or gone without a word. */
class TimeoutTest :
    FunSpec({
        eachDialectAndFace("F07 a time-out is an error within its bound, the late reply is dropped") { dialect, face ->
            HostileServer.start().put("slow", 0, "late").put("next", 0, "own").use { server ->
                client(server.address()) {
                    protocol = dialect
                    requestTimeout = 5.seconds
                    stallTimeout = 10.seconds
                }.use { cache ->
                    cache.shouldBeInSync()
                    val gate = Gate()
                    server.next(dialect.read, gate)
                    coroutineScope {
                        val slow = start { face.get(cache.withRequestTimeout(TIMEOUT), "slow") }
                        gate.awaitRequest()
                        val behind = start { face.get(cache, "next") }
                        val ended = slow.await()
                        ended.shouldFailWith<RequestTimeoutException>().delivery() shouldBe Delivery.INDETERMINATE
                        ended.took shouldBeLessThan BOUND
                        gate.open()
                        behind.await().value shouldBe "own"
                    }
                    cache.shouldBeInSync()
                    server.accepted() shouldBe 1
                }
            }
        }

        eachDialect("F08 a connection whose head never moves is closed, and all its calls end") { dialect ->
            HostileServer.start().put("k", 0, "v").use { server ->
                client(server.address()) { protocol = dialect }.use { cache ->
                    cache.shouldBeInSync()
                    server.on(dialect.read, hang())
                    many(20) { cache.get<String>("k") }
                        .shouldEndWithin(BOUND)
                        .forEach { it.shouldFailWith<RequestTimeoutException>() }
                    val patient = cache.withRequestTimeout(5.seconds)
                    coroutineScope {
                        val write = start { patient.set("w", "1") }
                        server.honest()
                        val read = start { patient.get<String>("k") }
                        write.await().failure!!.delivery() shouldBe Delivery.INDETERMINATE
                        read.await().value shouldBe "v"
                        read.await().took shouldBeLessThan 400.milliseconds + SLACK
                    }
                    server.accepted() shouldBe 2
                    cache.shouldBeInSync()
                }
            }
        }

        test("F16 a server that accepts and says nothing is no connection") {
            HostileServer.start().use { server ->
                FaultProxy.to(server.address()).accept(AcceptMode.HANG).use { proxy ->
                    client(proxy.address()).use { cache ->
                        many(50) { cache.get<String>("k$it") }.shouldEndWithin(BOUND).forEach {
                            it.failure!!.delivery() shouldBe Delivery.NOT_SENT
                        }
                        proxy.heal()
                        cache.shouldRecover()
                        server.lines().none { it.contains("k1 ") } shouldBe true
                    }
                }
            }
        }

        test("F23 a peer that is gone without FIN is noticed, and its socket is not kept") {
            val baseline = LeakCheck.baseline()
            HostileServer.start().use { server ->
                FaultProxy.to(server.address()).use { proxy ->
                    client(proxy.address()).use { cache ->
                        cache.shouldBeInSync()
                        proxy.up().drop()
                        proxy.down().drop()
                        many(20) { cache.get<String>("k$it") }.shouldEndWithin(BOUND).forEach {
                            it.shouldFailWith<RequestTimeoutException>()
                        }
                        val before = proxy.accepted()
                        coroutineScope { start { cache.withRequestTimeout(2.seconds).get<String>("k") }.await() }
                        (proxy.accepted() > before) shouldBe true
                        proxy.heal()
                        proxy.resetAll()
                        cache.shouldRecover()
                    }
                }
            }
            baseline.awaitBaseline(Duration.ofSeconds(5))
        }

        test("F25 a stopped server fails each call in time, and its late replies go to nobody") {
            MemcachedServer.start().use { server ->
                client(server.address()).use { cache ->
                    cache.shouldBeInSync()
                    server.pause()
                    try {
                        repeat(3) { round ->
                            many(200) {
                                if (it % 2 == 0) cache.get<String>("a$it") else cache.set("b$it", "$round")
                            }.shouldEndWithin(BOUND).forEach { (it.failure != null) shouldBe true }
                        }
                    } finally {
                        server.resume()
                    }
                    cache.shouldRecover()
                }
            }
        }

        eachDialect("F29 the time of a call is a total, even while bytes trickle in") { dialect ->
            HostileServer.start().put("k", 0, "12345678901234567890").use { server ->
                client(server.address()) {
                    protocol = dialect
                    stallTimeout = 5.seconds
                }.use { cache ->
                    cache.shouldBeInSync()
                    server.next(dialect.read, byteByByte(Duration.ofMillis(25)))
                    val slow = attempt { cache.get<String>("k") }
                    slow.shouldFailWith<RequestTimeoutException>()
                    slow.took shouldBeLessThan BOUND
                    cache.shouldRecover()
                }
            }
        }
    })
