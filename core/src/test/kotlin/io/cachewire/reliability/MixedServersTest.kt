package io.cachewire.reliability

import io.cachewire.MemcachedClient
import io.cachewire.fixture.Delivery.closedAfter
import io.cachewire.fixture.Gate
import io.cachewire.fixture.HostileServer
import io.cachewire.fixture.Lie
import io.cachewire.fixture.SeenRequest
import io.cachewire.fixture.SeenRequest.GREETING
import io.cachewire.get
import io.cachewire.getAll
import io.cachewire.set
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeout
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.atomic.AtomicBoolean
import java.util.concurrent.atomic.AtomicInteger
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

private const val COMMAND = "flush_all"

/** A server without meta commands: each is an error, and its data block is read as commands. */
private val BEFORE_META = Lie { turn ->
    turn.send("ERROR\r\n")
    turn.executeBlock()
}

/** A server that refuses our meta set and runs its data block, as memcached 1.6.0 to 1.6.9. */
private val BEFORE_LENGTHS = Lie { turn ->
    if (turn.request().line().startsWith("ms ")) {
        turn.send("CLIENT_ERROR invalid flag\r\n")
        turn.executeBlock()
    } else {
        turn.send("EN\r\n")
    }
}

/** The connections of these numbers end at a server without meta commands, as behind a balancer. */
private fun HostileServer.isOldOn(numbers: Set<Int>) = on({ it.connection() in numbers && it.isMeta }, BEFORE_META)

/** Connections from now on are those of another server; the others still end at the one before. */
private fun HostileServer.becomes(old: Lie?) {
    val last = accepted()
    honest()
    if (old != null) on({ it.connection() > last && it.isMeta }, old)
}

private fun HostileServer.asked(connection: Int) = requests().filter { it.connection() == connection }

private val SeenRequest.isCall
    get() = command() !in setOf(GREETING, "version", "mn") && !line().startsWith("cas cachewire-")

private val HostileServer.executedBlocks get() = count { it.line() == COMMAND }

/** Reads until the connection of this number serves; what the others hold back ends later. */
private suspend fun CoroutineScope.readsUntilServed(cache: MemcachedClient, server: HostileServer, connection: Int) =
    withTimeout(HANG) {
        buildList {
            while (server.asked(connection).none { it.isCall }) {
                // of the outer scope, which may end before the calls do
                add(this@readsUntilServed.start { cache.get<String>("k") })
                delay(2.milliseconds)
            }
        }
    }

private fun twoConnections(server: HostileServer) = client(server.address()) {
    connectionsPerServer = 2
    requestTimeout = 5.seconds
    connectTimeout = 3.seconds
    stallTimeout = 5.seconds
}

/** Writes and reads through all faces; each must succeed, and each read must give what was written. */
private suspend fun MemcachedClient.shouldServe(round: Int, count: Int = 60) {
    many(count) {
        val face = FACES[it % FACES.size]
        val key = "served-$round-$it"
        face.set(this, key, COMMAND)
        face.get(this, key)
    }.forEach {
        it.failure shouldBe null
        it.value shouldBe COMMAND
    }
}

/** Several versions behind one address, at the same time or one after another. */
class MixedServersTest :
    FunSpec({
        test("a connection that finds text has the one in meta replaced, and no call fails") {
            HostileServer.start().put("k", 0, "v").isOldOn(setOf(2)).use { server ->
                twoConnections(server).use { cache ->
                    val gate = Gate()
                    server.next("mg", gate)
                    coroutineScope {
                        // the first call opens the first connection
                        val held = start { cache.get<String>("k") }
                        gate.awaitRequest()
                        val connected = start { cache.connect() }
                        val waiting = readsUntilServed(cache, server, connection = 3) + held
                        cache.shouldServe(1)
                        // the connection in meta has an answer to give, and gets nothing more to do
                        held.isCompleted shouldBe false
                        gate.open()
                        waiting.forEach { it.await().value shouldBe "v" }
                        connected.await().failure shouldBe null
                    }
                    eventually("the connection in meta has ended") { server.open() == 2 }
                    cache.shouldServe(2)
                    server.requests().filter { it.isMeta && it.isCall }.map { it.connection() }.toSet() shouldBe
                        setOf(1)
                    server.lines().count { it.startsWith("mg cachewire-") } shouldBe 2
                    server.executedBlocks shouldBe 0
                }
            }
        }

        test("a connection that proves meta beside one in text speaks text, until that one has ended") {
            HostileServer.start().put("k", 0, "v").use { server ->
                val gate = Gate()
                // both are asked before one of them answers
                server.on({ it.connection() == 1 && it.isMeta }) { turn ->
                    gate.awaitRequest()
                    BEFORE_META.tell(turn)
                }
                server.on({ it.connection() == 2 && it.line().startsWith("mg cachewire-") }, gate)
                twoConnections(server).use { cache ->
                    coroutineScope {
                        val connected = start { cache.connect() }
                        gate.awaitRequest()
                        val waiting = readsUntilServed(cache, server, connection = 3)
                        gate.open()
                        waiting.forEach { it.await().value shouldBe "v" }
                        connected.await().failure shouldBe null
                    }
                    cache.shouldServe(1)
                    eventually("both are used") { listOf(2, 3).all { n -> server.asked(n).any { it.isCall } } }
                    server.requests().filter { it.isMeta && it.isCall }.shouldBeEmpty()

                    // the last one that spoke text for its own sake ends: every server has meta now
                    server.nth(1, { it.connection() == 3 && it.line().startsWith("get ") }, closedAfter(0))
                    // a read that is lost with it is sent again; a write would not be
                    many(60) { FACES[it % FACES.size].get(cache, "k") }.forEach {
                        it.failure shouldBe null
                        it.value shouldBe "v"
                    }
                    eventually("the one in text for the other's sake has ended") {
                        server.asked(4).isNotEmpty() &&
                            server.open() <= 2
                    }
                    withTimeout(HANG) {
                        while (server.count { it.isMeta && it.isCall } == 0) cache.shouldServe(3, count = 6)
                    }
                    cache.connect()
                    val inText = server.count { it.isCall && !it.isMeta }
                    cache.shouldServe(4)
                    server.count { it.isCall && !it.isMeta } shouldBe inText
                    server.executedBlocks shouldBe 0
                }
            }
        }

        for ((what, old) in mapOf("without meta commands" to BEFORE_META, "that runs data blocks" to BEFORE_LENGTHS)) {
            test("a server is replaced by one $what in the middle of a pipeline, and replaced again") {
                HostileServer.start().put("kept", 0, "kept").use { server ->
                    twoConnections(server).use { cache ->
                        cache.shouldServe(0, count = 6)
                        repeat(6) { round ->
                            val isUpgrade = round % 2 == 1
                            val swap =
                                Lie { turn ->
                                    server.becomes(old.takeUnless { isUpgrade })
                                    turn.reset()
                                }
                            server.nth(40, { it.isCall }, swap)
                            val ended =
                                many(300) {
                                    val face = FACES[it % FACES.size]
                                    val key = "swap-$round-$it"
                                    face.set(cache, key, COMMAND)
                                    face.get(cache, key)
                                }
                            ended.filter { it.failure == null }.forEach { it.value shouldBe COMMAND }
                            // the other connection still speaks what the server before it has proven
                            cache.disconnectAll()
                            val before = server.requests().size
                            cache.shouldServe(10 + round, count = 30)
                            val calls = server.requests().drop(before).filter { it.isCall }
                            calls.map { it.isMeta }.toSet() shouldBe setOf(isUpgrade)
                        }
                    }
                    server.executedBlocks shouldBe 0
                    server.value("kept") shouldBe "kept"
                }
            }
        }

        test("a server is upgraded and downgraded while all faces call: no answer is wrong and no data block is run") {
            HostileServer.start().put("kept", 0, "kept").use { server ->
                twoConnections(server).use { cache ->
                    val isOver = AtomicBoolean()
                    val wrong = ConcurrentLinkedQueue<String>()
                    val right = AtomicInteger()
                    coroutineScope {
                        val callers =
                            List(9) { caller ->
                                async(Dispatchers.Default) {
                                    val face = FACES[caller % FACES.size]
                                    val own = AtomicInteger()
                                    while (!isOver.get()) {
                                        step(cache, face, caller, own, right)?.let(wrong::add)
                                    }
                                }
                            }
                        withContext(Dispatchers.IO) {
                            try {
                                repeat(8) { round ->
                                    val isUpgrade = round % 2 == 1
                                    val swap =
                                        Lie { turn ->
                                            val old = if (round % 4 == 0) BEFORE_META else BEFORE_LENGTHS
                                            server.becomes(old.takeUnless { isUpgrade })
                                            turn.reset()
                                            // each of its connections ends with the process
                                            cache.disconnectAll()
                                        }
                                    server.nth(200, { it.isCall }, swap)
                                    val before = right.get()
                                    eventually("calls are answered", 30.seconds) { right.get() > before + 1_000 }
                                }
                            } finally {
                                isOver.set(true)
                            }
                        }
                        callers.awaitAll()
                    }
                    wrong.toList().shouldBeEmpty()
                    server.executedBlocks shouldBe 0
                    server.value("kept") shouldBe "kept"
                    cache.shouldBeInSync()
                }
            }
        }
    })

/** One call; what is wrong with its answer, or null. */
private suspend fun step(
    cache: MemcachedClient,
    face: Face,
    caller: Int,
    own: AtomicInteger,
    right: AtomicInteger,
): String? {
    val n = own.incrementAndGet()
    val outcome =
        attempt {
            when (n % 4) {
                0 -> face.set(cache, "command-$caller", COMMAND).let { null }

                1 -> face.get(cache, "command-$caller").takeIf { it != null && it != COMMAND }

                2 -> {
                    face.set(cache, "own-$caller", "own-$caller:$n")
                    val read = face.get(cache, "own-$caller")
                    // a write before whose end nobody knows may come late
                    read.takeIf { it?.substringBefore(':') != "own-$caller" || it.substringAfter(':').toInt() > n }
                        ?.let { "own-$caller:$n was read as $it" }
                }

                else -> {
                    val keys = List(9) { "own-$it" }
                    cache.getAll<String>(keys).entries.find { !it.value.startsWith("${it.key}:") }?.toString()
                }
            }
        }
    if (outcome.failure == null) right.incrementAndGet()
    if (outcome.took > 5.seconds + SLACK) return "a call took ${outcome.took}"
    return outcome.value
}
