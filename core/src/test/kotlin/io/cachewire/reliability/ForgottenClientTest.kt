package io.cachewire.reliability

import io.cachewire.MemcachedClient
import io.cachewire.ServerAddress
import io.cachewire.ValueType
import io.cachewire.fixture.Gate
import io.cachewire.fixture.HostileServer
import io.cachewire.fixture.LeakCheck
import io.cachewire.fixture.MemcachedServer
import io.cachewire.get
import io.cachewire.internal.cluster.Forgotten
import io.cachewire.set
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.async
import kotlinx.coroutines.delay
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import java.lang.ref.WeakReference
import java.time.Duration
import java.util.concurrent.CompletableFuture
import java.util.concurrent.TimeUnit.SECONDS
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

private val TEXT = ValueType.of(String::class.java)

/** What a user may hold of a client instead of the client, and a use of it. */
private val HANDLES: Map<String, (MemcachedClient) -> (() -> Unit)> =
    mapOf(
        "namespace" to { cache -> cache.namespace("n:").let { { runBlocking { it.set("k", "v") } } } },
        "withRequestTimeout" to
            { cache -> cache.withRequestTimeout(3.seconds).let { { runBlocking { it.set("k", "v") } } } },
        "blocking" to { cache -> cache.blocking().let { { it.set("k", "v") } } },
        "async" to { cache -> cache.async().let { { it.set("k", "v").get(9, SECONDS) } } },
        "fireAndForget" to { cache -> cache.fireAndForget().let { { it.set("k", "v") } } },
        "admin" to { cache -> cache.admin().let { { runBlocking { it.version() }.size shouldBe 1 } } },
        "blocking admin" to { cache -> cache.blocking().admin().let { { it.version().size shouldBe 1 } } },
        "meta" to { cache -> cache.meta().let { { runBlocking { it.get("k", TEXT) }.item()!!.value() shouldBe "v" } } },
        "cluster" to { cache -> cache.cluster().let { { it.setServers(it.servers().map { one -> one.address() }) } } },
    )

private fun used(server: ServerAddress): MemcachedClient {
    val cache = client(server) { requestTimeout = 9.seconds }
    cache.blocking().set("k", "v")
    runBlocking { cache.get<String>("k") } shouldBe "v"
    runBlocking { cache.getAll(listOf("k", "l"), TEXT) }.size shouldBe 1
    cache.async().get("k", String::class.java).thenApply { it }.get(9, SECONDS) shouldBe "v"
    cache.async().getAll(listOf("k", "l"), String::class.java).get(9, SECONDS).size shouldBe 1
    cache.fireAndForget().set("quiet", "v")
    cache.admin().let { runBlocking { it.version() } }
    cache.cluster().servers().size shouldBe 1
    return cache
}

/** A client that nobody holds. When it has ended, the collector has seen everything that is unreachable. */
private class Control(
    server: ServerAddress,
) {
    private val threads = threads()
    private val client = WeakReference(used(server))
    private val own = threads() - threads

    suspend fun awaitEnd() {
        // a new turn: the frame that resumed this one may have more than it needs
        delay(1.milliseconds)
        eventually("a forgotten client ends", 20.seconds) {
            System.gc()
            client.get() == null && threads().none { it in own }
        }
    }

    private companion object {
        fun threads() =
            Thread.getAllStackTraces().keys.filter { Regex("cachewire-\\d+-(io|deadlines)").matches(it.name) }.toSet()
    }
}

private suspend fun useAfterCollection(server: ServerAddress, handle: (MemcachedClient) -> (() -> Unit)) {
    val use = handle(used(server))
    Control(server).awaitEnd()
    use()
}

private fun pendingFuture(server: ServerAddress, gate: Gate): CompletableFuture<String?> {
    val cache = used(server)
    val call = cache.async().get("k", String::class.java)
    gate.awaitRequest()
    return call
}

/** Only its stage is held. */
private fun pendingStage(server: ServerAddress, gate: Gate): CompletableFuture<String> {
    val end = CompletableFuture<String>()
    val cache = used(server)
    cache.async().get("k", String::class.java).whenComplete { value, e -> end.complete(value ?: e.toString()) }
    gate.awaitRequest()
    return end
}

private fun pendingCoroutine(server: ServerAddress, gate: Gate): Deferred<String?> {
    val cache = used(server)
    // on this thread: it may be one of the few of Dispatchers.Default, and blocks until the server has the request
    val call =
        CoroutineScope(SupervisorJob() + Dispatchers.Default)
            .async(start = CoroutineStart.UNDISPATCHED) { cache.get<String>("k") }
    gate.awaitRequest()
    return call
}

/** Clients that are forgotten without `close`, and those that only look so. */
class ForgottenClientTest :
    FunSpec({
        test("clients that are forgotten without close lose their threads and sockets, and one line says so") {
            MemcachedServer.start().use { server ->
                val baseline = LeakCheck.baseline("cachewire-")
                Forgotten.WARNED.set(false)
                val log =
                    logged {
                        repeat(30) { used(server.address()) }
                        eventually("they are closed", 30.seconds) {
                            System.gc()
                            runCatching { baseline.awaitBaseline(Duration.ofMillis(100)) }.isSuccess
                        }
                    }
                log.lines().count { "garbage-collected without close()" in it } shouldBe 1
            }
        }

        for ((name, handle) in HANDLES) {
            test("what is held of a client keeps it: $name") {
                MemcachedServer.start().use { server ->
                    val baseline = LeakCheck.baseline("cachewire-")
                    useAfterCollection(server.address(), handle)
                    // a new turn: the frame that resumed this one may have more than it needs
                    delay(1.milliseconds)
                    eventually("it ends too", 20.seconds) {
                        System.gc()
                        runCatching { baseline.awaitBaseline(Duration.ofMillis(100)) }.isSuccess
                    }
                }
            }
        }

        test("a stream that is open keeps its client") {
            MemcachedServer.start().use { server ->
                val stream = used(server.address()).blocking().admin().metadump(server.address())
                Control(server.address()).awaitEnd()
                stream.use { it.count() shouldBe 2 }
            }
        }

        for ((name, pending) in mapOf<String, (ServerAddress, Gate) -> (suspend () -> String?)>(
            "future" to { at, gate -> pendingFuture(at, gate).let { { it.get(9, SECONDS) } } },
            "stage of a future" to { at, gate -> pendingStage(at, gate).let { { it.get(9, SECONDS) } } },
            "coroutine" to { at, gate -> pendingCoroutine(at, gate).let { { it.await() } } },
        )) {
            test("a call that waits keeps its client: $name") {
                HostileServer.start().use { server ->
                    HostileServer.start().use { other ->
                        val gate = Gate()
                        // the reads before it are the client's warming up
                        server.nth(READS_BEFORE + 1, { it.command() == "mg" && it.key() == "k" }, gate)
                        val end = pending(server.address(), gate)
                        Control(other.address()).awaitEnd()
                        gate.open()
                        withClue(name) { withTimeout(HANG) { end() } shouldBe "v" }
                    }
                }
            }
        }

        test("fire-and-forget writes of a client that is forgotten reach the server") {
            MemcachedServer.start().use { server ->
                MemcachedServer.start().use { other ->
                    val baseline = LeakCheck.baseline("cachewire-")
                    client(server.address()) { requestTimeout = 9.seconds }.use { reader ->
                        forgetWrites(server)
                        Control(other.address()).awaitEnd()
                        server.resume()
                        eventually("all are there", 20.seconds) {
                            System.gc()
                            reader.blocking().getAll((0 until WRITES).map { "quiet-$it" }, String::class.java).size ==
                                WRITES
                        }
                    }
                    eventually("it ends", 20.seconds) {
                        System.gc()
                        runCatching { baseline.awaitBaseline(Duration.ofMillis(100)) }.isSuccess
                    }
                }
            }
        }
    })

private const val WRITES = 200

/** Reads of the key in [used]: of the suspend face and of the async one. */
private const val READS_BEFORE = 2

/** Writes to a server that does not read. */
private fun forgetWrites(server: MemcachedServer) {
    val cache =
        client(server.address()) {
            requestTimeout = 20.seconds
            stallTimeout = 20.seconds
        }
    cache.blocking().set("k", "v")
    server.pause()
    val quiet = cache.fireAndForget()
    val large = "v".repeat(20_000)
    repeat(WRITES) { quiet.set("quiet-$it", large) }
}
