package io.cachewire

import io.cachewire.fixture.MemcachedServer
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeInstanceOf
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.future.await
import kotlinx.coroutines.withContext
import kotlin.time.Duration.Companion.milliseconds

private class ConnectingFace(
    val name: String,
    val connect: suspend (MemcachedClient) -> Set<ServerAddress>,
    val ping: suspend (MemcachedClient) -> MultiResults.PerServer<Boolean>,
)

private val CONNECTING =
    listOf(
        ConnectingFace("suspend", { it.connect() }, { it.ping() }),
        ConnectingFace(
            "blocking",
            { withContext(Dispatchers.IO) { it.blocking().connect() } },
            { withContext(Dispatchers.IO) { it.blocking().ping() } },
        ),
        ConnectingFace("async", { it.async().connect().await() }, { it.async().ping().await() }),
    )

/** Servers are unknown until they have answered; `connect` and `ping` ask them. */
class ConnectTest :
    FunSpec({
        val server = MemcachedServer.start()
        val second = MemcachedServer.start()
        afterSpec {
            server.close()
            second.close()
        }
        val gone = MemcachedServer.start().use { it.address() }

        fun MemcachedClient.healths() = cluster().servers().map { it.health() }

        for (dialect in listOf(Protocol.AUTO, Protocol.TEXT, Protocol.BINARY)) {
            for (face in CONNECTING) {
                test("connect proves every server and tells who answered, $dialect, ${face.name}") {
                    val all = listOf(server.address(), gone, second.address())
                    MemcachedClient(*all.map { it.toString() }.toTypedArray()) { protocol = dialect }.use { cache ->
                        cache.healths() shouldBe List(3) { ServerState.Health.UNKNOWN }
                        face.connect(cache) shouldBe setOf(server.address(), second.address())
                        cache.healths() shouldBe
                            listOf(ServerState.Health.LIVE, ServerState.Health.DEAD, ServerState.Health.LIVE)
                        val pinged = face.ping(cache)
                        pinged.answers() shouldBe mapOf(server.address() to true, second.address() to true)
                        pinged.failed().keys shouldBe setOf(gone)
                        pinged.failed().values.single().shouldBeInstanceOf<ConnectionLostException>()
                        pinged.noFailures() shouldBe false
                    }
                }
            }
        }

        test("connect has the time to connect, whatever a call has") {
            MemcachedClient(server.address().toString()) { requestTimeout = 1.milliseconds }.use { cache ->
                cache.connect() shouldBe setOf(server.address())
            }
        }

        test("connect opens every connection that there may be") {
            MemcachedClient(server.address().toString()) { connectionsPerServer = 4 }.use { cache ->
                val other = MemcachedClient(server.address().toString())
                other.use {
                    val before = it.stats().values.single().getValue("total_connections").toInt()
                    cache.connect() shouldBe setOf(server.address())
                    io.cachewire.reliability.eventually("four are open") {
                        it.blocking().stats().values.single().getValue("total_connections").toInt() == before + 4
                    }
                }
            }
        }

        test("connect to servers of which none is there is no failure") {
            MemcachedClient(gone.toString()).use { it.connect().shouldBeEmpty() }
        }
    })
