package io.cachewire

import io.cachewire.fixture.Delivery.hang
import io.cachewire.fixture.HostileServer
import io.cachewire.fixture.Lie
import io.cachewire.internal.cluster.Cluster
import io.cachewire.internal.connection.Clock
import io.cachewire.internal.operation.Operations
import io.cachewire.reliability.BOUND
import io.cachewire.reliability.FACES
import io.cachewire.reliability.HANG
import io.cachewire.reliability.SUSPEND
import io.cachewire.reliability.attempt
import io.cachewire.reliability.count
import io.cachewire.reliability.eventually
import io.cachewire.reliability.many
import io.cachewire.reliability.start
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.comparables.shouldBeLessThan
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import io.kotest.matchers.types.shouldBeInstanceOf
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.withTimeout
import java.util.concurrent.atomic.AtomicReference
import kotlin.time.Duration.Companion.seconds

/** A class path that the client cannot work with, as a thread of the client meets it. */
class BrokenClientTest :
    FunSpec({
        val missing = NoSuchMethodError("'void kotlinx.coroutines.Job.cancel\$default(kotlinx.coroutines.Job)'")

        for (thread in listOf("-io", "-deadlines")) {
            test("a LinkageError on cachewire-n$thread ends all that wait, and every later call, by name") {
                HostileServer.start().use { server ->
                    val planted = AtomicReference<Throwable?>()
                    val client = client(server.address(), thread, planted)
                    client.use<MemcachedClient, Unit> { cache ->
                        cache.set("k", "v")
                        // the I/O thread looks at the clock when something is answered
                        val silence = if (thread == "-io") Lie { } else hang()
                        server.on({ it.key().startsWith("silent") }, silence)
                        coroutineScope {
                            val waiting = FACES.flatMap { face ->
                                List(5) { i -> start { face.get(cache, "silent-$i") } }
                            }
                            eventually("they wait") { server.count { it.key().startsWith("silent") } == waiting.size }
                            planted.set(missing)
                            // something for the I/O thread to do
                            val next = start { cache.get<String>("k") }
                            for (ended in withTimeout(HANG) { (waiting + next).awaitAll() }) {
                                val failure = ended.shouldFailWith<ClientBrokenException>()
                                failure.cause shouldBe missing
                                failure.message!! shouldContain "class path"
                                failure.message!! shouldNotContain "cannot connect"
                            }
                        }
                        planted.set(null)
                        for (face in FACES) {
                            many(10) { face.set(cache, "later", "v") }.forEach {
                                it.shouldFailWith<ClientBrokenException>().delivery() shouldBe
                                    MemcachedException.Delivery.NOT_SENT
                                it.took shouldBeLessThan BOUND
                            }
                        }
                        attempt { cache.getAllResults(listOf("a", "b"), ValueType.of(String::class.java)) }
                            .shouldFailWith<ClientBrokenException>()
                    }
                    attempt { SUSPEND.get(client, "closed") }.failure.shouldBeInstanceOf<ClientBrokenException>()
                }
            }
        }
    })

/** A client whose clock throws on one of its threads, what and when a test says. */
private fun client(at: ServerAddress, thread: String, planted: AtomicReference<Throwable?>): MemcachedClient {
    val settings =
        MemcachedClient(at.toString()) {
            requestTimeout = 8.seconds
            connectTimeout = 5.seconds
        }.use { it.settings() }
    val clock =
        Clock {
            if (Thread.currentThread().name.substringBefore(" @").endsWith(thread)) planted.get()?.let { throw it }
            Clock.System.nanos()
        }
    val cluster = Cluster(EngineSettings.cluster(settings), clock)
    return MemcachedClient(cluster, Operations(EngineSettings.scope(settings)), settings)
}
