package io.cachewire.reliability

import io.cachewire.ConnectionLostException
import io.cachewire.MemcachedException.Delivery
import io.cachewire.fixture.AcceptMode
import io.cachewire.fixture.FaultProxy
import io.cachewire.fixture.Forgery
import io.cachewire.fixture.HostileServer
import io.cachewire.fixture.MemcachedServer
import io.cachewire.fixture.PlainClient
import io.cachewire.get
import io.cachewire.internal.connection.Backoff
import io.cachewire.set
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.comparables.shouldBeLessThan
import io.kotest.matchers.ints.shouldBeInRange
import io.kotest.matchers.longs.shouldBeGreaterThanOrEqual
import io.kotest.matchers.longs.shouldBeLessThan
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import kotlinx.coroutines.delay
import kotlinx.coroutines.withTimeout
import java.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TimeSource

/** An attempt at a server that closes each: the question for meta, that for the version, and that for an absent key. */
private const val CONNECTIONS = 3

/** When each attempt began. */
private fun List<Long>.attempts() = chunked(CONNECTIONS) { it.first() }

/** Servers to which no connection can be made. */
class ConnectFailureTest :
    FunSpec({
        fun proxied(mode: AcceptMode, body: suspend (HostileServer, FaultProxy) -> Unit): suspend () -> Unit = {
            HostileServer.start().use { server ->
                FaultProxy.to(server.address()).accept(mode).use { body(server, it) }
            }
        }

        test("F14 a refused connection fails the call at once and names the server") {
            proxied(AcceptMode.REFUSE) { _, proxy ->
                client(proxy.address()) { requestTimeout = 10.seconds }.use { cache ->
                    repeat(2) {
                        val refused = attempt { cache.get<String>("k") }
                        val failure = refused.shouldFailWith<ConnectionLostException>()
                        failure.delivery() shouldBe Delivery.NOT_SENT
                        failure.message!! shouldContain "127.0.0.1:${proxy.port()}"
                        refused.took shouldBeLessThan 100.milliseconds + SLACK
                        proxy.heal()
                        cache.shouldRecover()
                        proxy.accept(AcceptMode.REFUSE)
                        proxy.resetAll()
                        eventually("the loss is known") { proxy.open() == 0 }
                    }
                }
            }()
        }

        test("F15 a SYN without an answer costs the connect time-out and no more") {
            proxied(AcceptMode.TIMEOUT) { _, proxy ->
                client(proxy.address()) {
                    requestTimeout = 5.seconds
                    connectTimeout = 150.milliseconds
                }.use { cache ->
                    val failed = attempt { cache.get<String>("k") }
                    failed.shouldFailWith<ConnectionLostException>().delivery() shouldBe Delivery.NOT_SENT
                    failed.took shouldBeLessThan 150.milliseconds + SLACK
                }
                client(proxy.address()) { connectTimeout = 5.seconds }.use { cache ->
                    many(20) { cache.set("k", "v") }.shouldEndWithin(BOUND).forEach {
                        it.failure!!.delivery() shouldBe Delivery.NOT_SENT
                    }
                    proxy.heal()
                    // the kernel repeats a lost SYN after a second
                    withTimeout(5.seconds) { while (attempt { cache.version() }.failure != null) delay(5.milliseconds) }
                    cache.shouldBeInSync()
                }
            }()
        }

        for (mode in listOf(AcceptMode.CLOSE, AcceptMode.RESET)) {
            test("F17 a server that ends each new connection is not hammered ($mode)") {
                proxied(mode) { _, proxy ->
                    client(proxy.address()) { backoff(50.milliseconds, 2.seconds) }.use { cache ->
                        val start = TimeSource.Monotonic.markNow()
                        while (start.elapsedNow() < 1500.milliseconds) {
                            attempt { cache.get<String>("k") }.failure!!.delivery() shouldBe Delivery.NOT_SENT
                            delay(1.milliseconds)
                        }
                        // 25 + 50 + 100 + 200 + 400 + 800 ms at least lie between seven attempts
                        proxy.accepted() shouldBeInRange 2..7 * CONNECTIONS
                        proxy.heal()
                        cache.forgetDeadServers()
                        cache.shouldRecover()
                    }
                }()
            }
        }

        test("F26 waits between attempts grow to a bound, and start anew after a greeting") {
            proxied(AcceptMode.CLOSE) { _, proxy ->
                client(proxy.address()) { backoff(40.milliseconds, 320.milliseconds) }.use { cache ->
                    suspend fun tryUntil(attempts: Int) = withTimeout(HANG) {
                        while (proxy.accepted() < attempts) {
                            attempt { cache.get<String>("k") }
                            delay(1.milliseconds)
                        }
                    }
                    tryUntil(6 * CONNECTIONS)
                    val gaps = proxy.connectTimes().attempts().zipWithNext { a, b -> (b - a) / 1_000_000 }
                    gaps.forEachIndexed { i, gap ->
                        val full = minOf(40L shl i, 320L)
                        // the attempt before was over a little later than it was accepted
                        gap shouldBeGreaterThanOrEqual full / 2
                        gap shouldBeLessThan full + SLACK.inWholeMilliseconds
                    }
                    proxy.heal()
                    cache.shouldRecover()
                    proxy.accept(AcceptMode.CLOSE)
                    val before = proxy.accepted()
                    proxy.closeAll()
                    tryUntil(before + 4 * CONNECTIONS)
                    val anew = proxy.connectTimes().drop(before).attempts().zipWithNext { a, b -> (b - a) / 1_000_000 }
                    anew.first() shouldBeLessThan 150
                }
            }()
        }

        test("F26 waits are jittered, so that two clients do not return together") {
            val backoff = Backoff(Duration.ofMillis(100), Duration.ofSeconds(10))
            val waits = (1..100).map { backoff.delayNanos(4) }
            waits.forEach {
                it shouldBeGreaterThanOrEqual 400_000_000
                it shouldBeLessThan 800_000_001
            }
            waits.distinct().size shouldBeInRange 90..100
        }

        test("F26 a connection is attempted once at a time") {
            proxied(AcceptMode.HANG) { _, proxy ->
                client(proxy.address()) { connectTimeout = 5.seconds }.use { cache ->
                    many(500) { cache.get<String>("k$it") }.shouldEndWithin(BOUND)
                    proxy.accepted() shouldBe 1
                }
            }()
        }

        test("F31 callers of a server that cannot be reached fail fast and do not storm it") {
            proxied(AcceptMode.CLOSE) { _, proxy ->
                client(proxy.address()) {
                    backoff(100.milliseconds, 1.seconds)
                    requestTimeout = 5.seconds
                }.use { cache ->
                    many(10_000) { cache.get<String>("k$it") }.shouldEndWithin(2.seconds).forEach {
                        it.failure!!.delivery() shouldBe Delivery.NOT_SENT
                    }
                    proxy.accepted() shouldBeInRange 1..6 * CONNECTIONS
                    proxy.heal()
                    cache.shouldRecover()
                }
            }()
        }

        test("F32 the line about too many connections is no reply") {
            HostileServer.start().banner(Forgery.TOO_MANY_CONNECTIONS).use { server ->
                client(server.address()).use { cache ->
                    many(50) { if (it % 2 == 0) cache.get<String>("k") else cache.set("k", "v") }.forEach {
                        val failure = it.shouldFailWith<ConnectionLostException>()
                        failure.delivery() shouldBe Delivery.NOT_SENT
                    }
                    server.honest()
                    cache.shouldRecover()
                }
            }
        }

        test("F32 a memcached without a free connection fails calls, and serves when one is free") {
            MemcachedServer.start("-c", "32", "-t", "1").use { server ->
                val others = List(60) { PlainClient.to(server.address()) }
                client(server.address()).use { cache ->
                    val failure = attempt { cache.get<String>("k") }.shouldFailWith<ConnectionLostException>()
                    failure.delivery() shouldBe Delivery.NOT_SENT
                    others.forEach { it.close() }
                    cache.shouldRecover()
                }
            }
        }
    })
