package io.cachewire.reliability

import io.cachewire.FailureMode
import io.cachewire.Protocol
import io.cachewire.ServerState.Health
import io.cachewire.fixture.AcceptMode
import io.cachewire.fixture.FaultProxy
import io.cachewire.fixture.Forgery
import io.cachewire.fixture.HostileServer
import io.cachewire.fixture.SeenRequest
import io.cachewire.get
import io.cachewire.set
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.ints.shouldBeGreaterThan
import io.kotest.matchers.ints.shouldBeLessThan
import io.kotest.matchers.ints.shouldBeLessThanOrEqual
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldMatch
import kotlinx.coroutines.delay
import kotlinx.coroutines.withTimeout
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TimeSource

/** Servers that come and go, and what is said about it. */
class FlappingTest :
    FunSpec({
        test("F68 the keys of a flapping server do not follow each flap, and each lives on one server at a time") {
            val servers = List(3) { HostileServer.start() }
            FaultProxy.to(servers[0].address()).use { proxy ->
                client(proxy.address(), servers[1].address(), servers[2].address()) {
                    failureMode = FailureMode.REHASH
                    requestTimeout = 2.seconds
                    backoff(5.milliseconds, 20.milliseconds)
                }.use { cache ->
                    val keys = (0 until 60).map { "k$it" }
                    keys.forEach { cache.set(it, "old") }
                    val moving = keys.first { servers[0].value(it) == "old" }
                    val staying = keys.filter { servers[0].value(it) == null }

                    fun health() = cache.cluster().servers()[0].health
                    var died = 0
                    for (flap in 1..FLAPS) {
                        val wasUp = health() != Health.DEAD
                        proxy.accept(AcceptMode.REFUSE)
                        proxy.resetAll()
                        withTimeout(HANG) {
                            // without a call nobody finds out that the server refuses
                            while (health() != Health.DEAD) attempt { cache.get<String>(moving) }
                        }
                        if (wasUp) died++
                        withTimeout(HANG) { while (attempt { cache.set(moving, "at $flap") }.failure != null) delay(1) }
                        servers.count { it.value(moving) == "at $flap" } shouldBe 1
                        val greetings = servers[0].count { it.command() == SeenRequest.GREETING }
                        proxy.heal()
                        // long enough for one greeting, which would do if there were no memory of the last flaps
                        // a probe that was under way may have brought the server back by itself, and then there is no other
                        eventually("a greeting") {
                            health() != Health.DEAD ||
                                servers[0].count { it.command() == SeenRequest.GREETING } > greetings
                        }
                        val greeted = TimeSource.Monotonic.markNow()
                        while (health() == Health.DEAD && greeted.elapsedNow() < 4.milliseconds) delay(1)
                    }
                    died shouldBeLessThanOrEqual FLAPS / 2
                    staying.forEach { cache.get<String>(it) shouldBe "old" }
                    staying.count { servers[0].value(it) != null } shouldBe 0
                    proxy.heal()
                    eventually("it is back") { health() == Health.LIVE }
                    withTimeout(HANG) { while (attempt { cache.set(moving, "home") }.failure != null) delay(1) }
                    servers.indexOfFirst { it.value(moving) == "home" } shouldBe 0
                }
            }
            servers.forEach { it.close() }
        }

        test("F68 with random faults on one server the keys of the others stay and are served") {
            val servers = List(3) { HostileServer.start() }
            FaultProxy.to(servers[0].address()).use { proxy ->
                client(proxy.address(), servers[1].address(), servers[2].address()) {
                    failureMode = FailureMode.REHASH
                    requestTimeout = 2.seconds
                }.use { cache ->
                    val keys = (0 until 60).map { "k$it" }
                    keys.forEach { cache.set(it, "of $it") }
                    val staying = keys.filter { servers[0].value(it) == null }
                    val flapping = cache.withRequestTimeout(50.milliseconds)
                    var seen = 0
                    proxy.monkey(20261125).use { monkey ->
                        while (monkey.log().size < 12) {
                            for (key in staying) cache.get<String>(key) shouldBe "of $key"
                            for (key in keys - staying.toSet()) {
                                // elsewhere it is a miss, and never another's value
                                attempt { flapping.get<String>(key) }.value?.let { it shouldBe "of $key" }
                            }
                            seen++
                        }
                    }
                    seen shouldBeGreaterThan 1
                    staying.count { servers[0].value(it) != null } shouldBe 0
                    proxy.heal()
                    proxy.resetAll()
                    cache.shouldRecover()
                }
            }
            servers.forEach { it.close() }
        }

        test("S18 lines that a server tries to forge stay escaped, and few in a minute for each server") {
            val servers = List(2) { HostileServer.start() }
            val log =
                logged {
                    client(*servers.map { it.address() }.toTypedArray()) { failureLimit = 1000 }.use { cache ->
                        for (server in servers) {
                            val key = (0..99).map { "k$it" }.first { cache.owner(it, servers) === server }
                            repeat(40) {
                                server.next("mg", Forgery.instead("\u001b[31m\n2026 ERROR fake $it\r\n"))
                                attempt { cache.get<String>(key) }
                            }
                        }
                    }
                }
            log.trim().lines().forEach { it shouldMatch "[ -~]*" }
            log.lines().count { it.startsWith("2026 ERROR") } shouldBe 0
            for (server in servers) {
                log.lines().count { it.contains("${server.address()}: ") } shouldBe 10
            }
            servers.forEach { it.close() }
        }

        test("F63 a server that does not speak meta is told once and clearly, not for each key") {
            HostileServer.start().use { server ->
                server.on({ it.isMeta }, Forgery.error())
                val log =
                    logged {
                        client(server.address()) { protocol = Protocol.META }.use { cache ->
                            attempt { cache.get<String>("k") }.failure.shouldNotBeNull().message!! shouldContain
                                "the server does not speak the meta dialect"
                            many(100) { cache.get<String>("k$it") }.shouldEndWithin(BOUND).forEach {
                                it.failure.shouldNotBeNull().message!! shouldContain "does not speak the meta dialect"
                            }
                        }
                    }
                server.count { it.command() == "mg" } shouldBe 0
                server.accepted() shouldBeLessThan 20
                log.lines().count { it.contains("WARN") && it.contains("does not speak") } shouldBeLessThanOrEqual 2
                client(server.address()).use { it.shouldBeInSync() }
            }
        }
    })

private const val FLAPS = 16

/** The server of a key, found by a write. */
private suspend fun io.cachewire.MemcachedClient.owner(key: String, servers: List<HostileServer>): HostileServer {
    withRequestTimeout(5.seconds).set(key, "v")
    return servers.single { it.value(key) != null }
}
