package io.cachewire.reliability

import io.cachewire.ConnectionLostException
import io.cachewire.MemcachedClient
import io.cachewire.MemcachedException
import io.cachewire.MultiResults
import io.cachewire.Protocol
import io.cachewire.RequestTimeoutException
import io.cachewire.ValueType
import io.cachewire.fixture.Delivery.hang
import io.cachewire.fixture.HostileServer
import io.cachewire.fixture.MemcachedServer
import io.cachewire.get
import io.cachewire.set
import io.cachewire.typed
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.comparables.shouldBeLessThan
import io.kotest.matchers.ints.shouldBeGreaterThan
import io.kotest.matchers.ints.shouldBeLessThan
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.withContext
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TimeSource

private val TEXT = ValueType.of(String::class.java)
private const val MANY = 200_000

/** Calls over more keys than a connection may have pending: each key has a result, and others are served meanwhile. */
class ManyKeysTest :
    FunSpec({
        val server = MemcachedServer.start("-m", "1024")
        val second = MemcachedServer.start("-m", "1024")
        afterSpec {
            server.close()
            second.close()
        }
        val keys = List(MANY) { "many-$it" }

        suspend fun check(cache: MemcachedClient, probe: suspend () -> Unit) {
            coroutineScope {
                val bulk =
                    async(Dispatchers.Default) {
                        cache.setAllResults(keys.associateWith { typed(it) }, null).failed().size shouldBe 0
                        val got = cache.getAllResults(keys, TEXT)
                        got.failed().size shouldBe 0
                        got.hits().size shouldBe MANY
                        got.hits().all { (key, value) -> key == value } shouldBe true
                        val deleted = cache.deleteAllResults(keys)
                        deleted.failed().size shouldBe 0
                        deleted.deleted().size shouldBe MANY
                    }
                // another caller is never refused
                while (!bulk.isCompleted) probe()
                bulk.await()
            }
        }

        for (dialect in listOf(Protocol.META, Protocol.TEXT, Protocol.BINARY)) {
            test("F70 200 000 keys on one server are written, read and deleted, $dialect") {
                client(server.address()) {
                    protocol = dialect
                    requestTimeout = 5.seconds
                    stallTimeout = 5.seconds
                }.use { cache ->
                    cache.set("other", "v")
                    check(cache) { cache.get<String>("other") shouldBe "v" }
                }
            }
        }

        test("F70 200 000 keys on two servers, in each Java face") {
            client(server.address(), second.address()) {
                requestTimeout = 5.seconds
                stallTimeout = 5.seconds
            }.use { cache ->
                withContext(Dispatchers.IO) {
                    cache.blocking().setAll(keys.associateWith { it }).shouldBeEmpty()
                    cache.async().getAll(keys, String::class.java).join().size shouldBe MANY
                    cache.async().deleteAll(keys).join().size shouldBe MANY
                    cache.blocking().getAll(keys.take(10), String::class.java).size shouldBe 0
                }
            }
        }

        test("F70 200 values of 900 kB are stored on one server, within a memory budget of far less") {
            client(server.address()) {
                requestTimeout = 5.seconds
                stallTimeout = 5.seconds
                memoryBudget = 8L shl 20
            }.use { cache ->
                val value = typed(ByteArray(900_000))
                val stored = cache.setAllResults((0 until 200).associate { "large-$it" to value }, null)
                stored.failed().values.map(MemcachedException::toString).shouldBeEmpty()
                cache.deleteAllResults((0 until 200).map { "large-$it" }).deleted().size shouldBe 200
            }
        }

        test("F70 a bound of few pending requests bounds the call, and nothing is overloaded") {
            client(server.address()) {
                requestTimeout = 5.seconds
                maxPendingRequests = 8
                maxPendingBytes = 4096
            }.use { cache ->
                val few = keys.take(5000)
                cache.setAll(few.associateWith { typed("x".repeat(500)) }, null).shouldBeEmpty()
                cache.getAllResults(few, TEXT).hits().size shouldBe 5000
                cache.deleteAllResults(few).deleted().size shouldBe 5000
            }
        }

        test("F70 a server that hangs ends the call within the time of two calls, with a result for each key") {
            HostileServer.start().use { silent ->
                silent.on("ms", hang())
                client(silent.address()) {
                    requestTimeout = 20.seconds
                    stallTimeout = 60.seconds
                }.use { cache ->
                    cache.version()
                    val some = keys.take(20_000)
                    val start = TimeSource.Monotonic.markNow()
                    val results = cache.withRequestTimeout(1.seconds).setAllResults(
                        some.associateWith {
                            typed("v")
                        },
                        null,
                    )
                    // each of twenty parts would take a second; the exceptions of so many keys take some time too
                    start.elapsedNow() shouldBeLessThan 8.seconds
                    results.failed().size shouldBe some.size
                    results.failed().values.forEach { (it is RequestTimeoutException) shouldBe true }
                    val sent = results.failed().values.count { it.delivery() != MemcachedException.Delivery.NOT_SENT }
                    sent shouldBeGreaterThan 0
                    sent shouldBeLessThan 4096
                }
            }
        }

        test("F70 an unreachable server ends the call at once, with a result for each key") {
            val gone = HostileServer.start().use { it.address() }
            client(gone) { requestTimeout = 2.seconds }.use { cache ->
                attempt { cache.version() }
                val results: MultiResults.Deleted<String> = cache.deleteAllResults(keys)
                results.failed().size shouldBe MANY
                results.failed().values.forEach { (it is ConnectionLostException) shouldBe true }
            }
        }

        test("F70 a call that is cancelled sends no more") {
            HostileServer.start().use { silent ->
                silent.on("md", hang())
                client(silent.address()) {
                    requestTimeout = 20.seconds
                    stallTimeout = 20.seconds
                }.use { cache ->
                    cache.version()
                    coroutineScope {
                        val call = async(Dispatchers.Default) { cache.deleteAll(keys) }
                        eventually("the first part is there") { silent.count { it.command() == "md" } >= 512 }
                        call.cancelAndJoin()
                        (runCatching { call.await() }.exceptionOrNull() is CancellationException) shouldBe true
                    }
                    // that connection says nothing any more
                    cache.disconnectAll()
                    cache.version()
                    silent.count { it.command() == "md" } shouldBeLessThan 4096
                }
            }
        }
    })
