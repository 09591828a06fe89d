package io.cachewire

import io.cachewire.fixture.Delivery.closedAfter
import io.cachewire.fixture.HostileServer
import io.cachewire.fixture.Lie
import io.cachewire.fixture.SeenRequest
import io.cachewire.internal.cluster.Cluster
import io.cachewire.internal.connection.Clock
import io.cachewire.internal.operation.Operations
import io.cachewire.reliability.FACES
import io.cachewire.reliability.Face
import io.cachewire.reliability.HANG
import io.cachewire.reliability.Outcome
import io.cachewire.reliability.SLACK
import io.cachewire.reliability.attempt
import io.cachewire.reliability.many
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.comparables.shouldBeBetween
import io.kotest.matchers.comparables.shouldBeGreaterThan
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeInstanceOf
import kotlinx.coroutines.delay
import kotlinx.coroutines.withTimeout
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.atomic.AtomicInteger
import java.util.concurrent.atomic.AtomicLong
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

private val CALL_TIMEOUT = 2.seconds

/** Nobody waits longer: a call in its last moments may begin an attempt to connect. */
private val CALL_BOUND = CALL_TIMEOUT + SLACK

/** Every third command of a server: of all its connections together, or of each. */
private fun third(ofEach: Boolean): (SeenRequest) -> Boolean {
    val counts = ConcurrentHashMap<Int, AtomicInteger>()
    return { seen ->
        counts.computeIfAbsent(if (ofEach) seen.connection() else 0) { AtomicInteger() }.incrementAndGet() % 3 == 0
    }
}

private class Time : Clock {
    private val moved = AtomicLong()

    override fun nanos() = Clock.System.nanos() + moved.get()

    fun move(by: Duration) {
        moved.addAndGet(by.inWholeNanoseconds)
    }
}

private fun client(server: HostileServer, time: Clock, dialect: Protocol): MemcachedClient {
    val settings =
        MemcachedClient(server.address().toString()) {
            protocol = dialect
            requestTimeout = CALL_TIMEOUT
            connectTimeout = 2.seconds
            stallTimeout = 2.seconds
            backoff(1.milliseconds, 5.milliseconds)
        }.use { it.settings() }
    val cluster = Cluster(EngineSettings.cluster(settings), time)
    return MemcachedClient(cluster, Operations(EngineSettings.scope(settings)), settings)
}

/** What every server carries, and what some proxies do not. */
private val PLAIN =
    mapOf<String, suspend (MemcachedClient, Face, String) -> Any?>(
        "get" to { cache, face, key -> face.get(cache, key) },
        "set" to { cache, face, key -> face.set(cache, key, "value of $key") },
        "add" to { cache, _, key -> cache.add("$key-added", "v") },
        "append" to { cache, _, key -> cache.append("$key-appended", "v") },
        "delete" to { cache, _, key -> cache.delete("$key-deleted") },
        "touch" to { cache, _, key -> cache.touch(key, 9.seconds) },
    )

private val SPECIAL =
    mapOf<String, suspend (MemcachedClient) -> Any?>(
        "getAll" to { it.getAll<String>(List(5) { n -> "k$n" }) },
        "getAndTouch" to { it.getAndTouch<String>("k1", 9.seconds) },
        "stats" to { it.stats() },
        "verbosity" to { it.verbosity(1) },
        "flushAll" to { it.flushAll() },
    )

private fun Outcome<*>.isRefusedByName(): Boolean = generateSequence<Throwable>(failure) { it.cause }
    .any { it is UnsupportedByServerException || "cannot carry" in it.message.orEmpty() }

/** The read of the longest key, by which the client finds out whether other commands break connections too. */
private fun SeenRequest.isControl() = key().startsWith("cachewire-") && key().length == 250

/** In text. */
private fun SeenRequest.isOfGreeting() = command() == "version" || (key().startsWith("cachewire-") && !isControl())

private suspend fun awaitConnection(cache: MemcachedClient) = withTimeout(HANG) {
    while (attempt { cache.set("awaited", "0") }.failure != null) delay(2.milliseconds)
}

/** What it returns when its connection is not lost. */
private suspend fun answered(cache: MemcachedClient, call: suspend (MemcachedClient) -> Any?): Any? =
    withTimeout(HANG) {
        var ended = attempt { call(cache) }
        while (ended.failure is ConnectionLostException) ended = attempt { call(cache) }
        ended.failure shouldBe null
        ended.value
    }

/** A proxy that closes the connection at each third command, whatever it is. */
class ClosingProxyTest :
    FunSpec({
        val closings = mapOf<String, Lie>("executed" to closedAfter(0), "not executed" to Lie { it.close() })
        for (dialect in listOf(Protocol.AUTO, Protocol.TEXT)) {
            for (ofEach in listOf(false, true)) {
                for ((what, closing) in closings) {
                    val where = if (ofEach) "of each connection" else "of all connections"
                    test("each third command $where closes it, $what: calls end typed or right in time ($dialect)") {
                        HostileServer.start().put("n", 0, "0").on(third(ofEach), closing).use { server ->
                            val time = Time()
                            client(server, time, dialect).use { cache ->
                                val named = PLAIN.keys.toList()
                                var answered = 0
                                repeat(5) { round ->
                                    val all =
                                        many(60) {
                                            val face = FACES[it % FACES.size]
                                            val name = named[it % named.size]
                                            name to attempt { PLAIN.getValue(name)(cache, face, "k${it % 7}") }
                                        }.map { it.value.shouldNotBeNull() } +
                                            many(9) {
                                                val face = FACES[it % FACES.size]
                                                "increment" to attempt { face.step(cache, "n") }
                                            }.map { it.value.shouldNotBeNull() } +
                                            SPECIAL.map { (name, call) -> name to attempt { call(cache) } }
                                    all.filter { it.second.took > CALL_BOUND }.map { it.first }.shouldBeEmpty()
                                    all.filter { (name, it) ->
                                        name !in SPECIAL && it.isRefusedByName()
                                    }.shouldBeEmpty()
                                    answered += all.count { it.second.failure == null }
                                    all.filter { it.first == "get" }.mapNotNull { it.second.value }
                                        .filter { !it.toString().startsWith("value of k") }.shouldBeEmpty()
                                }
                                // there each connection answers one call
                                if (dialect == Protocol.TEXT && ofEach) answered shouldBeGreaterThan 0

                                server.honest()
                                awaitConnection(cache)
                                cache.set("n2", "0")
                                // what every server carries works at once
                                for (face in FACES) {
                                    for ((name, call) in PLAIN) {
                                        attempt { call(cache, face, "after-$name") }.failure shouldBe null
                                    }
                                    face.step(cache, "n2") shouldBe FACES.indexOf(face) + 1L
                                }
                                // what some proxies lack is refused for a while at most
                                for (call in (SPECIAL - "flushAll").values) {
                                    val outcome = attempt { call(cache) }
                                    if (outcome.failure != null) outcome.isRefusedByName() shouldBe true
                                }
                                if (dialect == Protocol.AUTO) {
                                    cache.disconnectAll()
                                    cache.get<String>("after-set")
                                    server.lines().last().startsWith("mg after-set ") shouldBe true
                                }
                                time.move(10.minutes)
                                for (call in SPECIAL.values) {
                                    answered(cache, call)
                                }
                            }
                        }
                    }
                }
            }
        }

        test("a network that breaks every connection for a while is not taken for a server that lacks a command") {
            for (closing in closings.values) {
                val controls = AtomicInteger()
                val isBroken = { seen: SeenRequest ->
                    if (seen.isControl()) controls.incrementAndGet()
                    !seen.isOfGreeting()
                }
                HostileServer.start().on(isBroken, closing).use { server ->
                    client(server, Clock.System, Protocol.TEXT).use { cache ->
                        // with others, alone and controlled, alone and controlled again
                        for (name in listOf("getAndTouch", "stats", "flushAll")) {
                            val before = controls.get()
                            withTimeout(HANG) {
                                while (controls.get() < before + 2) {
                                    val ended = attempt { SPECIAL.getValue(name)(cache) }
                                    withClue(name) { ended.isRefusedByName() shouldBe false }
                                    delay(1.milliseconds)
                                }
                            }
                        }
                        server.honest()
                        awaitConnection(cache)
                        for ((name, call) in SPECIAL) withClue(name) { answered(cache, call) }
                    }
                }
            }
        }

        test("a server that has begun to answer a command carries it, however often the connection breaks") {
            HostileServer.start().put("k1", 0, "a value").on("gat", closedAfter(5)).use { server ->
                client(server, Clock.System, Protocol.TEXT).use { cache ->
                    val getAndTouch = SPECIAL.getValue("getAndTouch")
                    repeat(8) {
                        attempt { getAndTouch(cache) }.failure.shouldBeInstanceOf<ConnectionLostException>()
                    }
                    server.honest()
                    answered(cache, getAndTouch) shouldBe "a value"
                }
            }
        }

        test(
            "a command at which the server closes, and at no other, is refused in the end, and others lose one connection",
        ) {
            HostileServer.start().put("k1", 0, "a value").on("gat", closedAfter(0)).use { server ->
                client(server, Clock.System, Protocol.TEXT).use { cache ->
                    val getAndTouch = SPECIAL.getValue("getAndTouch")
                    repeat(2) { attempt { getAndTouch(cache) }.failure.shouldBeInstanceOf<ConnectionLostException>() }
                    // while the control is under way, or after it
                    attempt { getAndTouch(cache) }.isRefusedByName() shouldBe true
                    val sent = server.lines().count { it.startsWith("gat") }
                    repeat(3) { attempt { getAndTouch(cache) }.isRefusedByName() shouldBe true }
                    server.lines().count { it.startsWith("gat") } shouldBe sent
                    cache.get<String>("k1") shouldBe "a value"
                }
            }
        }

        test("an increment is never counted twice by a proxy that closes at each third command") {
            for (ofEach in listOf(false, true)) {
                HostileServer.start().put("n", 0, "0").on(third(ofEach), closedAfter(0)).use { server ->
                    client(server, Clock.System, Protocol.TEXT).use { cache ->
                        val ended = many(60) { FACES[it % FACES.size].step(cache, "n") }
                        val counted = server.value("n")!!.toInt()
                        counted.shouldBeBetween(ended.count { it.failure == null }, ended.size)
                        val told = ended.mapNotNull { it.value }
                        told.toSet().size shouldBe told.size
                    }
                }
            }
        }
    })
