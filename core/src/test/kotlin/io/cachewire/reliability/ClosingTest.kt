package io.cachewire.reliability

import io.cachewire.ClientClosedException
import io.cachewire.MemcachedException.Delivery
import io.cachewire.fixture.AcceptMode
import io.cachewire.fixture.Delivery.hang
import io.cachewire.fixture.FaultProxy
import io.cachewire.fixture.HostileServer
import io.cachewire.fixture.LeakCheck
import io.cachewire.get
import io.cachewire.set
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.comparables.shouldBeLessThan
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.withTimeout
import java.time.Duration
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TimeSource

/** The end of a client, at any moment of its life. */
class ClosingTest :
    FunSpec({
        test("F33 closing ends what is pending, refuses what comes later, and leaves nothing behind") {
            HostileServer.start().use { server ->
                val baseline = LeakCheck.baseline("cachewire-")
                server.on("mg", hang())
                val cache = client(server.address()) {
                    requestTimeout = 9.seconds
                    stallTimeout = 9.seconds
                }
                coroutineScope {
                    cache.set("k", "v")
                    val pending = (0 until 1000).map { start { cache.get<String>("k$it") } }
                    eventually("the requests are there") { server.count { it.command() == "mg" } == 1000 }
                    val start = TimeSource.Monotonic.markNow()
                    listOf(start { cache.close() }, start { cache.close() }).awaitAll()
                    start.elapsedNow() shouldBeLessThan 1.seconds
                    withTimeout(HANG) { pending.awaitAll() }.forEach {
                        it.shouldFailWith<ClientClosedException>().delivery() shouldBe Delivery.INDETERMINATE
                    }
                    start.elapsedNow() shouldBeLessThan 1.seconds + SLACK
                    attempt { cache.get<String>("k") }.shouldFailWith<ClientClosedException>().delivery() shouldBe
                        Delivery.NOT_SENT
                    cache.close()
                }
                baseline.awaitBaseline(Duration.ofSeconds(5))
            }
        }

        test("F33 closing during the first call ends that call too") {
            HostileServer.start().use { server ->
                val baseline = LeakCheck.baseline("cachewire-")
                repeat(200) { round ->
                    val cache = client(server.address()) { requestTimeout = 5.seconds }
                    coroutineScope {
                        val calls = List(3) { start { cache.get<String>("k") } }
                        if (round % 2 == 0) eventually("contact") { server.accepted() > 0 }
                        cache.close()
                        withTimeout(HANG) { calls.awaitAll() }.forEach {
                            if (it.failure != null) it.shouldFailWith<ClientClosedException>()
                        }
                    }
                }
                baseline.awaitBaseline(Duration.ofSeconds(5))
            }
        }

        test("F33 closing while a connection is made, or written to a peer that does not read") {
            HostileServer.start().use { server ->
                FaultProxy.to(server.address()).use { proxy ->
                    val baseline = LeakCheck.baseline("cachewire-")
                    for (mode in listOf(AcceptMode.HANG, AcceptMode.TIMEOUT, AcceptMode.FORWARD)) {
                        proxy.accept(mode)
                        proxy.up().pause()
                        val cache = client(proxy.address()) {
                            requestTimeout = 9.seconds
                            connectTimeout = 9.seconds
                        }
                        if (mode == AcceptMode.FORWARD) {
                            proxy.up().resume()
                            cache.version()
                            proxy.up().pause()
                        }
                        val value = ByteArray(900_000)
                        coroutineScope {
                            val calls = List(20) { start { cache.set("k$it", value) } }
                            val start = TimeSource.Monotonic.markNow()
                            cache.close()
                            withTimeout(HANG) {
                                calls.awaitAll()
                            }.forEach { it.shouldFailWith<ClientClosedException>() }
                            start.elapsedNow() shouldBeLessThan 1.seconds + SLACK
                        }
                    }
                    proxy.heal()
                    proxy.resetAll()
                    baseline.awaitBaseline(Duration.ofSeconds(5))
                }
            }
        }
    })
