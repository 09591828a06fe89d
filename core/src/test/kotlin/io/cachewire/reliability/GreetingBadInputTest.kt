package io.cachewire.reliability

import com.sun.net.httpserver.HttpServer
import io.cachewire.ConnectionLostException
import io.cachewire.MemcachedException.Delivery
import io.cachewire.ServerAddress
import io.cachewire.fixture.CertificateAuthority
import io.cachewire.fixture.Delivery.byteByByte
import io.cachewire.fixture.Delivery.closedAfter
import io.cachewire.fixture.Forgery
import io.cachewire.fixture.HostileServer
import io.cachewire.fixture.Lie
import io.cachewire.fixture.MemcachedServer
import io.cachewire.fixture.SeenRequest
import io.cachewire.fixture.SeenRequest.GREETING
import io.cachewire.fixture.Turn
import io.cachewire.get
import io.cachewire.set
import io.kotest.core.spec.style.FunSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.comparables.shouldBeLessThan
import io.kotest.matchers.longs.shouldBeLessThan
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.withTimeout
import kotlinx.coroutines.withTimeoutOrNull
import java.net.InetSocketAddress
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

private const val MEBIBYTE = 1L shl 20
private const val PIECE = 1 shl 16

/** A gibibyte if somebody takes it. */
private fun Turn.flood(piece: String) = sendEndlessly { number ->
    if (number >= 1 shl 14) close()
    piece
}

private fun flooding(first: (SeenRequest) -> String, piece: String) = Lie { turn ->
    turn.send(first(turn.request()))
    turn.flood(piece)
}

private fun lines(line: String) = "$line\r\n".let { it.repeat(PIECE / it.length) }

private val LONG = "A".repeat(PIECE)

private fun echo(seen: SeenRequest) = "k${seen.line().split(' ')[1]} O${seen.metaFlag('O')}"

private fun HostileServer.closesAtMeta() = on(GREETING, closedAfter(0))

/** Every face fails by its type, before anything of the call was sent. */
private suspend fun shouldBeRefused(at: ServerAddress, says: String, within: kotlin.time.Duration = 3.seconds) {
    client(at) {
        requestTimeout = 5.seconds
        connectTimeout = 4.seconds
        backoff(5.seconds, 5.seconds)
    }.use { cache ->
        for (face in FACES) {
            for (call in listOf<suspend () -> Any?>({ face.get(cache, "k") }, { face.set(cache, "k", "v") })) {
                val outcome = attempt(call)
                val failure = outcome.shouldFailWith<ConnectionLostException>()
                failure.delivery() shouldBe Delivery.NOT_SENT
                failure.message!! shouldContain says
                outcome.took shouldBeLessThan within
            }
        }
    }
}

/** What may listen at an address in place of a memcached. */
class GreetingBadInputTest :
    FunSpec({
        val floods =
            mapOf<String, Pair<HostileServer.() -> HostileServer, String>>(
                "a gibibyte without a line" to
                    Pair({ on(GREETING, flooding({ "" }, LONG)) }, "not a memcached"),
                "a gibibyte behind half of the echo" to
                    Pair({ on(GREETING, flooding({ "EN ${echo(it)}" }, LONG)) }, "not a memcached"),
                "a gibibyte behind an error" to
                    Pair({ on(GREETING, flooding({ "SERVER_ERROR " }, LONG)) }, "not a memcached"),
                "a gibibyte of errors" to
                    Pair({ on(GREETING, flooding({ "" }, lines("ERROR"))) }, "answers every command with an error"),
                "a gibibyte of echoes" to
                    Pair(
                        { on(GREETING) { turn -> turn.flood(lines("EN ${echo(turn.request())}")) } },
                        "127.0.0.1",
                    ),
                "a gibibyte in place of the version" to
                    Pair({ closesAtMeta().on("version", flooding({ "VERSION 1" }, LONG)) }, "not a memcached"),
                "a gibibyte of errors in place of the version" to
                    Pair(
                        { closesAtMeta().on("version", flooding({ "" }, lines("SERVER_ERROR busy"))) },
                        "SERVER_ERROR busy",
                    ),
                "a gibibyte in place of an absent key" to
                    Pair(
                        {
                            closesAtMeta().on("version", closedAfter(0))
                                .on({ it.line().startsWith("get cachewire-") }, flooding({ "END" }, LONG))
                        },
                        "not a memcached",
                    ),
            )
        for ((what, case) in floods) {
            test("$what is given up at once") {
                val (answers, says) = case
                HostileServer.start().use { server ->
                    server.answers()
                    shouldBeRefused(server.address(), says)
                    server.sent() shouldBeLessThan 64 * MEBIBYTE
                    server.value("k") shouldBe null
                }
            }
        }

        test("a greeting in text with more than its answers is a failed attempt, as one in meta is") {
            for (more in listOf("END\r\n", "VERSION 1.6.18\r\n", "VALUE k 0 1\r\nx\r\nEND\r\n")) {
                HostileServer.start().closesAtMeta().use { server ->
                    // the greeting ends with the second answer to it
                    server.nth(2, { it.command() == "version" }, Forgery.followedBy(more))
                    shouldBeRefused(server.address(), "more than its greeting")
                }
            }
        }

        test("a greeting that trickles ends with the time to connect, and is no reason for text") {
            HostileServer.start().on(GREETING, byteByByte(java.time.Duration.ofMillis(100)))
                .use { server ->
                    client(server.address()) {
                        requestTimeout = 5.seconds
                        connectTimeout = 700.milliseconds
                        backoff(5.seconds, 5.seconds)
                    }.use { cache ->
                        val outcome = attempt { cache.get<String>("k") }
                        outcome.shouldFailWith<ConnectionLostException>().message!! shouldContain "greeting"
                        outcome.took shouldBeLessThan 2.seconds
                    }
                    server.accepted() shouldBe 1
                    server.count { it.command() == "version" } shouldBe 0
                }
        }

        test("a web server is told from a memcached") {
            val web = HttpServer.create(InetSocketAddress("127.0.0.1", 0), 0)
            web.start()
            try {
                shouldBeRefused(ServerAddress("127.0.0.1", web.address.port), "127.0.0.1")
            } finally {
                web.stop(0)
            }
        }

        test("a port that wants TLS is told from a memcached, by a hint at the setting") {
            val folder = tempdir().toPath()
            CertificateAuthority().issue("localhost", "127.0.0.1").write(folder)
            MemcachedServer.with().tls(folder.resolve("chain.pem"), folder.resolve("key.pem")).start().use { server ->
                shouldBeRefused(server.address(), "TLS")
            }
        }

        test(
            "a server that is stopped while it serves meta, for more than half of the time to connect, serves meta again",
        ) {
            MemcachedServer.start().use { server ->
                client(server.address()) {
                    connectTimeout = 2.seconds
                    requestTimeout = 5.seconds
                    stallTimeout = 200.milliseconds
                }.use { cache ->
                    cache.set("k", "v")
                    cache.markStale("k", 30.seconds) shouldBe true
                    server.pause()
                    coroutineScope {
                        // the connection is given up, and the next one gets no greeting
                        val waiting = FACES.map { face -> start { face.get(cache, "k") } }
                        withTimeoutOrNull(1300.milliseconds) { waiting.forEach { it.await() } } shouldBe null
                        server.resume()
                        waiting.forEach { it.await() }
                    }
                    withTimeout(HANG) {
                        while (attempt { cache.set("k", "v") }.failure != null) delay(5.milliseconds)
                    }
                    for (face in FACES) face.get(cache, "k") shouldBe "v"
                    cache.markStale("k", 5.seconds) shouldBe true
                }
            }
        }
    })
