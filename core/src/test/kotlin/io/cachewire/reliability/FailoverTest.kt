package io.cachewire.reliability

import io.cachewire.ConnectionLostException
import io.cachewire.FailureMode
import io.cachewire.IllegalRequestException
import io.cachewire.KeyEncoding
import io.cachewire.MemcachedClient
import io.cachewire.MemcachedClientConfig
import io.cachewire.MemcachedException.Delivery
import io.cachewire.RequestTimeoutException
import io.cachewire.RetryPolicy
import io.cachewire.ServerAddress
import io.cachewire.ServerState.Health
import io.cachewire.fixture.AcceptMode
import io.cachewire.fixture.FaultProxy
import io.cachewire.fixture.Gate
import io.cachewire.fixture.HostileServer
import io.cachewire.fixture.Lie
import io.cachewire.get
import io.cachewire.getAll
import io.cachewire.getAndTouch
import io.cachewire.set
import io.cachewire.setAll
import io.cachewire.valueType
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldNotBeEmpty
import io.kotest.matchers.comparables.shouldBeLessThan
import io.kotest.matchers.ints.shouldBeGreaterThan
import io.kotest.matchers.ints.shouldBeLessThan
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.delay
import kotlinx.coroutines.withTimeout
import java.time.Duration
import java.util.concurrent.CopyOnWriteArrayList
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

/** Three honest servers, each behind a proxy. */
private class Site : AutoCloseable {
    val servers = List(3) { HostileServer.start() }
    val proxies = servers.map { FaultProxy.to(it.address()) }
    val keys = (0 until 60).map { "k$it" }

    fun client(configure: MemcachedClientConfig.() -> Unit = {}): MemcachedClient =
        client(*proxies.map { it.address() }.toTypedArray()) {
            requestTimeout = 2.seconds
            configure()
        }

    fun kill(index: Int) {
        proxies[index].accept(AcceptMode.REFUSE)
        proxies[index].resetAll()
    }

    /** Refuses and resets all connections of a server; when this returns, its keys are served elsewhere. */
    suspend fun killAndMove(index: Int, cache: MemcachedClient, key: String) {
        kill(index)
        withTimeout(HANG) {
            // the call first: without one nobody finds out that the server refuses
            while (attempt { cache.get<String>(key) }.failure != null ||
                cache.health(index) != Health.DEAD
            ) {
                delay(2.milliseconds)
            }
        }
    }

    /** The servers that hold a key. */
    fun holders(key: String) = servers.indices.filter { servers[it].value(key) != null }

    override fun close() {
        proxies.forEach { it.close() }
        servers.forEach { it.close() }
    }
}

private fun MemcachedClient.health(index: Int) = cluster().servers()[index].health

private fun MemcachedClient.shouldSee(index: Int, health: Health) =
    eventually("server $index is $health") { health(index) == health }

private suspend fun MemcachedClient.shouldComeToSee(value: String, key: String) = withTimeout(HANG) {
    while (get<String>(key) != value) delay(2.milliseconds)
}

/** Where keys go while servers are out of use, and how the list of servers changes. */
class FailoverTest :
    FunSpec({
        test(
            "F66 with rehashing the keys of a dead server live on the next, reads and writes alike, and go home again",
        ) {
            Site().use { site ->
                site.client { failureMode = FailureMode.REHASH }.use { cache ->
                    cache.setAll(site.keys.associateWith { "old" }).shouldBeEmpty()
                    val (moving, staying) = site.keys.partition { site.holders(it) == listOf(0) }
                    moving.size shouldBeGreaterThan 3
                    site.killAndMove(0, cache, moving[0])
                    moving.forEach { cache.set(it, "new") }
                    moving.forEach { key ->
                        cache.get<String>(key) shouldBe "new"
                        (site.holders(key) - 0).size shouldBe 1
                    }
                    cache.getAll<String>(site.keys) shouldBe
                        moving.associateWith { "new" } + staying.associateWith { "old" }
                    site.proxies[0].heal()
                    cache.shouldComeToSee("old", moving[0])
                }
            }
        }

        test("F69 a gutter holds the keys of a dead server for a short time only, and none otherwise") {
            Site().use { site ->
                HostileServer.start().use { spare ->
                    site.client { gutter(listOf(spare.address()), 7.seconds) }.use { cache ->
                        cache.setAll(site.keys.associateWith { "old" }).shouldBeEmpty()
                        val moving = site.keys.filter { site.holders(it) == listOf(0) }
                        spare.requests().filter { it.command() == "ms" }.shouldBeEmpty()
                        site.killAndMove(0, cache, moving[0])
                        moving.forEach { cache.set(it, "new") }
                        moving.forEach { cache.get<String>(it) shouldBe "new" }
                        val writes = spare.requests().filter { it.command() == "ms" }
                        writes.size shouldBe moving.size
                        writes.forEach { it.line() shouldContain " T7" }
                        cache.cluster().gutterServers().map { it.address() } shouldBe listOf(spare.address())
                        site.proxies[0].heal()
                        cache.shouldComeToSee("old", moving[0])
                    }
                }
            }
        }

        test(
            "F67 a silent server is dead after three time-outs in a row, then calls fail at once, and a greeting brings it back",
        ) {
            Site().use { site ->
                site.client {
                    requestTimeout = 150.milliseconds
                    stallTimeout = 10.seconds
                    connectTimeout = 300.milliseconds
                }.use { cache ->
                    cache.shouldBeInSync()
                    cache.setAll(site.keys.associateWith { "v" }).shouldBeEmpty()
                    val key = site.keys.first { site.holders(it) == listOf(0) }
                    // a miss is no failure
                    repeat(5) { cache.get<String>("absent-$it") }
                    site.proxies[0].accept(AcceptMode.HANG)
                    site.proxies[0].up().drop()
                    repeat(3) { attempt { cache.get<String>(key) }.shouldFailWith<RequestTimeoutException>() }
                    cache.health(0) shouldBe Health.DEAD
                    repeat(20) {
                        val refused = attempt { cache.set(key, "v") }
                        val failure = refused.shouldFailWith<ConnectionLostException>()
                        failure.delivery() shouldBe Delivery.NOT_SENT
                        failure.message!! shouldContain "marked dead"
                        failure.message!! shouldContain "attempt"
                    }
                    val state = cache.cluster().servers()[0]
                    state.nextProbe().shouldNotBeNull()
                    state.lastFailure().shouldNotBeNull()
                    site.proxies[0].heal()
                    site.proxies[0].resetAll()
                    cache.shouldSee(0, Health.LIVE)
                    cache.get<String>(key) shouldBe "v"
                }
            }
        }

        test("F70 with one server slow the others' results are there by the deadline, each key with its own outcome") {
            Site().use { site ->
                site.client().use { cache ->
                    cache.setAll(site.keys.associateWith { "v" }).shouldBeEmpty()
                    val (slow, quick) = site.keys.partition { site.holders(it) == listOf(0) }
                    site.proxies[0].down().pause()
                    val ended =
                        attempt {
                            cache.withRequestTimeout(200.milliseconds).getAllResults(site.keys, valueType<String>())
                        }
                    ended.took shouldBeLessThan 200.milliseconds + SLACK
                    val results = ended.value.shouldNotBeNull()
                    results.hits.keys shouldBe quick.toSet()
                    results.failed.keys shouldBe slow.toSet()
                    results.missing.shouldBeEmpty()
                    site.proxies[0].heal()
                }
            }
        }

        test("F71 with rehashing and all servers dead a call fails at once and names one") {
            Site().use { site ->
                site.client { failureMode = FailureMode.REHASH }.use { cache ->
                    cache.shouldBeInSync()
                    site.servers.indices.forEach(site::kill)
                    site.keys.forEach { attempt { cache.get<String>(it) } }
                    site.servers.indices.forEach { cache.shouldSee(it, Health.DEAD) }
                    many(site.keys.size) {
                        cache.set(site.keys[it], "v")
                    }.shouldEndWithin(100.milliseconds + SLACK).forEach {
                        it.shouldFailWith<ConnectionLostException>().delivery() shouldBe Delivery.NOT_SENT
                    }
                    site.proxies.forEach { it.heal() }
                    cache.shouldRecover()
                }
            }
        }

        test("F72 servers come and go at run time: few keys move, those that stay keep their connections") {
            Site().use { site ->
                val all = site.proxies.map { it.address() }
                client(all[0], all[1]) { requestTimeout = 2.seconds }.use { cache ->
                    cache.setAll(site.keys.associateWith { "v" }).shouldBeEmpty()
                    val before = site.keys.associateWith { site.holders(it) }
                    cache.cluster().setServers(all)
                    cache.setAll(site.keys.associateWith { "w" }).shouldBeEmpty()
                    val moved = site.keys.count { site.holders(it) != before[it] }
                    moved shouldBeGreaterThan 3
                    moved shouldBeLessThan site.keys.size / 2
                    cache.cluster().setServers(all.reversed())
                    cache.getAll<String>(site.keys) shouldBe site.keys.associateWith { "w" }
                    site.proxies.take(2).map { it.accepted() } shouldBe listOf(1, 1)
                    cache.cluster().setServers(listOf(all[1]))
                    cache.setAll(site.keys.associateWith { "x" }).shouldBeEmpty()
                    eventually("the connections to removed servers are closed") {
                        site.proxies[0].open() == 0 && site.proxies[2].open() == 0
                    }
                    site.proxies[1].accepted() shouldBe 1
                    cache.getAll<String>(site.keys) shouldBe site.keys.associateWith { "x" }
                }
            }
        }

        test("F72 a bad list is refused and the old one kept") {
            Site().use { site ->
                site.client().use { cache ->
                    val before = cache.cluster().servers().map { it.address() }
                    val first = before[0]
                    shouldThrow<IllegalRequestException> { cache.cluster().setServers(emptyList<ServerAddress>()) }
                    shouldThrow<IllegalRequestException> {
                        cache.cluster().setServers(listOf(first, first.withWeight(2)))
                    }
                    shouldThrow<IllegalRequestException> { cache.cluster().setServers("a:b:c:d") }
                    cache.cluster().servers().map { it.address() } shouldBe before
                    cache.shouldBeInSync()
                }
            }
        }

        test("F72 what is pending on a removed server still gets its answer") {
            Site().use { site ->
                site.client().use { cache ->
                    cache.setAll(site.keys.associateWith { "v" }).shouldBeEmpty()
                    val key = site.keys.first { site.holders(it) == listOf(0) }
                    val gate = Gate()
                    site.servers[0].next("mg", gate)
                    val pending = CoroutineScope(Dispatchers.Default).start { cache.get<String>(key) }
                    gate.awaitRequest()
                    cache.cluster().setServers(site.proxies.drop(1).map { it.address() })
                    gate.open()
                    pending.await().value shouldBe "v"
                    eventually("it is closed then") { site.proxies[0].open() == 0 }
                }
            }
        }

        test("F60 no policy has an increment sent again, and reads as often as it says") {
            val lost =
                Lie { turn ->
                    turn.honest()
                    turn.close()
                }
            val asked = CopyOnWriteArrayList<RetryPolicy.Failed>()
            HostileServer.start().use { server ->
                client(server.address()) {
                    requestTimeout = 5.seconds
                    failureLimit = 100
                    retryPolicy =
                        RetryPolicy { failed ->
                            asked += failed
                            if (failed.attempts() < 4) Duration.ofMillis(1) else null
                        }
                }.use { cache ->
                    server.put("n", 0, "10").put("k", 0, "v")
                    server.on("ma", lost).on("mg", lost)
                    attempt { cache.increment("n") }.failure!!.delivery() shouldBe Delivery.INDETERMINATE
                    server.value("n") shouldBe "11"
                    asked.shouldBeEmpty()
                    attempt { cache.get<String>("k") }.failure!!.delivery() shouldBe Delivery.INDETERMINATE
                    asked.shouldNotBeEmpty()
                    asked.forEach { it.effect() shouldBe RetryPolicy.Effect.READ }
                    asked.last().attempts() shouldBe 4
                }
            }
        }

        test("F60 a policy is told the same of a key that goes as base64") {
            val lost =
                Lie { turn ->
                    turn.honest()
                    turn.close()
                }
            val asked = CopyOnWriteArrayList<RetryPolicy.Failed>()
            HostileServer.start().use { server ->
                client(server.address()) {
                    requestTimeout = 5.seconds
                    failureLimit = 100
                    keyEncoding = KeyEncoding.BASE64
                    retryPolicy =
                        RetryPolicy { failed ->
                            asked += failed
                            null
                        }
                }.use { cache ->
                    server.on("ms", lost).on("md", lost).on("mg", lost)
                    val calls =
                        listOf<suspend (String) -> Unit>(
                            { cache.set(it, "v") },
                            { cache.delete(it) },
                            { cache.touch(it, 1.minutes) },
                            { cache.getAndTouch<String>(it, 1.minutes) },
                        )
                    for (call in calls) {
                        for (key in listOf("plain", "with a blank")) {
                            attempt { call(key) }.failure!!.delivery() shouldBe Delivery.INDETERMINATE
                            asked.last().effect() shouldBe RetryPolicy.Effect.IDEMPOTENT
                        }
                    }
                    asked.size shouldBe 2 * calls.size
                }
            }
        }
    })
