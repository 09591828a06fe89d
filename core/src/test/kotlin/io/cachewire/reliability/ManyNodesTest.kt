package io.cachewire.reliability

import io.cachewire.ConnectionLostException
import io.cachewire.FailureMode
import io.cachewire.MemcachedClient
import io.cachewire.MemcachedClientConfig
import io.cachewire.MemcachedException.Delivery
import io.cachewire.OverloadedException
import io.cachewire.PartialResultException
import io.cachewire.fixture.AcceptMode
import io.cachewire.fixture.FaultProxy
import io.cachewire.fixture.HostileServer
import io.cachewire.fixture.MemcachedServer
import io.cachewire.get
import io.cachewire.getAll
import io.cachewire.set
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.comparables.shouldBeLessThan
import io.kotest.matchers.ints.shouldBeGreaterThan
import io.kotest.matchers.ints.shouldBeInRange
import io.kotest.matchers.ints.shouldBeLessThanOrEqual
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.withTimeout
import kotlinx.coroutines.yield
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TimeSource

/** Three servers, the first of them behind a proxy; [sick] are keys of that one, [sound] those of the others. */
private class Fleet(
    val proxy: FaultProxy,
    val cache: MemcachedClient,
    val sick: List<String>,
    val sound: List<String>,
)

private suspend fun fleet(configure: MemcachedClientConfig.() -> Unit = {}, body: suspend (Fleet) -> Unit) {
    HostileServer.start().use { first ->
        HostileServer.start().use { second ->
            HostileServer.start().use { third ->
                FaultProxy.to(first.address()).use { proxy ->
                    client(proxy.address(), second.address(), third.address(), configure = configure).use { cache ->
                        val keys = (0 until 60).map { "k$it" }
                        keys.forEach { cache.withRequestTimeout(5.seconds).set(it, "of $it") }
                        val (sick, sound) = keys.partition { first.value(it) != null }
                        sick.size shouldBeGreaterThan 3
                        body(Fleet(proxy, cache, sick, sound))
                    }
                }
            }
        }
    }
}

/** Some of several servers, or all of them, out of order. */
class ManyNodesTest :
    FunSpec({
        test("F66 a dead server of three fails its own keys, at once, and no others") {
            fleet({ backoff(500.milliseconds, 2.seconds) }) { fleet ->
                fleet.proxy.accept(AcceptMode.REFUSE)
                fleet.proxy.resetAll()
                attempt { fleet.cache.get<String>(fleet.sick[0]) }
                many(fleet.sound.size) { fleet.cache.get<String>(fleet.sound[it]) }.forEachIndexed { i, it ->
                    it.value shouldBe "of ${fleet.sound[i]}"
                }
                many(fleet.sick.size) { fleet.cache.get<String>(fleet.sick[it]) }
                    .shouldEndWithin(100.milliseconds + SLACK)
                    .forEach { it.shouldFailWith<ConnectionLostException>().delivery() shouldBe Delivery.NOT_SENT }
                val partial = attempt { fleet.cache.getAll<String>(fleet.sick + fleet.sound) }
                val results = partial.shouldFailWith<PartialResultException>().results()
                results.failed().keys shouldBe fleet.sick.toSet()
                fleet.proxy.heal()
                fleet.cache.shouldRecover()
                fleet.cache.get<String>(fleet.sick[0]) shouldBe "of ${fleet.sick[0]}"
            }
        }

        test("F66 a dead server's reads are misses where that was chosen, its writes are errors") {
            fleet({ failureMode = FailureMode.MISS }) { fleet ->
                fleet.proxy.accept(AcceptMode.REFUSE)
                fleet.proxy.resetAll()
                fleet.sick.forEach { fleet.cache.get<String>(it).shouldBeNull() }
                fleet.cache.getAll<String>(fleet.sick + fleet.sound).keys shouldBe fleet.sound.toSet()
                attempt { fleet.cache.set(fleet.sick[0], "v") }.shouldFailWith<ConnectionLostException>()
                fleet.proxy.heal()
                fleet.cache.shouldRecover()
            }
        }

        test("F66 a black hole costs its callers one time-out for each attempt, not each call") {
            fleet({
                backoff(100.milliseconds, 1.seconds)
                requestTimeout = 100.milliseconds
                connectTimeout =
                    300.milliseconds
            }) { fleet ->
                fleet.proxy.accept(AcceptMode.HANG)
                fleet.proxy.up().drop()
                // until the silence is noticed each call runs into its time-out
                withTimeout(HANG) {
                    while (attempt { fleet.cache.get<String>(fleet.sick[0]) }.took > 80.milliseconds) yield()
                }
                val before = fleet.proxy.accepted()
                val slow =
                    coroutineScope {
                        (0 until 10).map {
                            start {
                                var slow = 0
                                val from = TimeSource.Monotonic.markNow()
                                while (from.elapsedNow() < 1500.milliseconds) {
                                    val ended = attempt { fleet.cache.get<String>(fleet.sick[0]) }
                                    if (ended.took > 80.milliseconds) slow++
                                    delay(1.milliseconds)
                                }
                                slow
                            }
                        }.awaitAll().sumOf { it.value!! }
                    }
                val attempts = fleet.proxy.accepted() - before + 1
                slow shouldBeLessThanOrEqual attempts
                fleet.proxy.heal()
                fleet.proxy.resetAll()
                fleet.cache.shouldRecover()
            }
        }

        test("F71 with all servers dead a call fails at once, and all come back") {
            fleet { fleet ->
                val proxies = List(3) { FaultProxy.to(fleet.cache.settings().servers()[it]) }
                try {
                    client(*proxies.map { it.address() }.toTypedArray()) { requestTimeout = 5.seconds }.use { cache ->
                        cache.shouldBeInSync()
                        proxies.forEach {
                            it.accept(AcceptMode.REFUSE)
                            it.resetAll()
                        }
                        val keys = fleet.sick + fleet.sound
                        many(keys.size) { cache.get<String>(keys[it]) }.shouldEndWithin(100.milliseconds + SLACK)
                            .forEach { it.shouldFailWith<ConnectionLostException>() }
                        val partial = attempt { cache.getAll<String>(keys) }
                        partial.took shouldBeLessThan 100.milliseconds + SLACK
                        partial.shouldFailWith<PartialResultException>().results().failed().keys shouldBe keys.toSet()
                        proxies.forEach { it.heal() }
                        cache.shouldRecover()
                    }
                } finally {
                    proxies.forEach { it.close() }
                }
            }
        }

        for (connections in listOf(1, 2)) {
            test("F73 a slow server fills its own queue and no other's (connections: $connections)") {
                fleet({
                    maxPendingRequests = 100
                    connectionsPerServer = connections
                    stallTimeout = 5.seconds
                    requestTimeout = 1.seconds
                }) { fleet ->
                    fleet.proxy.down().pause()
                    shouldKeepTheirPace(fleet, connections)
                    fleet.proxy.heal()
                    fleet.cache.shouldRecover()
                }
            }

            test("F73 a stopped server fills its own queue and no other's (connections: $connections)") {
                stoppable({
                    maxPendingRequests = 100
                    connectionsPerServer = connections
                    stallTimeout = 5.seconds
                    requestTimeout = 1.seconds
                }) { fleet, first ->
                    first.pause()
                    shouldKeepTheirPace(fleet, connections)
                    first.resume()
                    fleet.cache.shouldRecover()
                    fleet.sick.forEach { fleet.cache.get<String>(it) shouldBe "of $it" }
                }
            }
        }
    })

/** A thousand calls of the server in trouble wait or are refused; those of the others are answered meanwhile. */
private suspend fun shouldKeepTheirPace(fleet: Fleet, connections: Int) = coroutineScope {
    val waiting = List(1000) { start { fleet.cache.get<String>(fleet.sick[0]) } }
    repeat(10) {
        // not more at once than one connection may have pending
        many(fleet.sound.size) { fleet.cache.get<String>(fleet.sound[it]) }
            .shouldEndWithin(SLACK)
            .forEachIndexed { i, it -> it.value shouldBe "of ${fleet.sound[i]}" }
    }
    // of two connections the emptier of two picked at random is taken, so that the last places may stay free
    val refused = waiting.awaitAll().count { it.failure is OverloadedException }
    refused shouldBeInRange (1000 - 100 * connections)..900
}

/** As [fleet], of real servers; the first can be stopped. */
private suspend fun stoppable(
    configure: MemcachedClientConfig.() -> Unit,
    body: suspend (Fleet, MemcachedServer) -> Unit,
) {
    val servers = List(3) { MemcachedServer.start() }
    try {
        client(*servers.map { it.address() }.toTypedArray(), configure = configure).use { cache ->
            val keys = (0 until 60).map { "k$it" }
            keys.forEach { cache.withRequestTimeout(5.seconds).set(it, "of $it") }
            val sick = client(servers[0].address()).use { it.getAll<String>(keys).keys.toList() }
            sick.size shouldBeGreaterThan 3
            FaultProxy.to(servers[0].address()).use { body(Fleet(it, cache, sick, keys - sick.toSet()), servers[0]) }
        }
    } finally {
        servers.forEach { it.close() }
    }
}
