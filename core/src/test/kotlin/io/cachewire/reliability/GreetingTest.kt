package io.cachewire.reliability

import io.cachewire.AuthenticationException
import io.cachewire.ConnectionLostException
import io.cachewire.MemcachedClientConfig
import io.cachewire.MemcachedException.Delivery
import io.cachewire.Protocol
import io.cachewire.TypedValue
import io.cachewire.add
import io.cachewire.fixture.Delivery.closedAfter
import io.cachewire.fixture.Delivery.hang
import io.cachewire.fixture.Delivery.resetAfter
import io.cachewire.fixture.Forgery
import io.cachewire.fixture.HostileServer
import io.cachewire.fixture.InTime
import io.cachewire.fixture.Lie
import io.cachewire.fixture.MemcachedServer
import io.cachewire.fixture.SeenRequest
import io.cachewire.fixture.SeenRequest.GREETING
import io.cachewire.get
import io.cachewire.set
import io.cachewire.setAll
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.comparables.shouldBeLessThan
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldMatch
import io.kotest.matchers.string.shouldNotContain
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.future.await
import kotlinx.coroutines.withTimeoutOrNull
import java.util.concurrent.CountDownLatch
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** Both commands of the greeting are answered so; the rest is honest. */
private fun HostileServer.greets(read: (SeenRequest) -> String, replace: (SeenRequest) -> String = read) =
    on(GREETING) { turn ->
        val seen = turn.request()
        turn.send(if (seen.line().startsWith("mg")) read(seen) else replace(seen))
    }

/** A client that gives a busy machine its time. */
private fun patient(server: HostileServer, configure: MemcachedClientConfig.() -> Unit = {}) =
    client(server.address()) {
        requestTimeout = 5.seconds
        connectTimeout = 3.seconds
        configure()
    }

private fun echo(seen: SeenRequest) = "k${seen.line().split(' ')[1]} O${seen.metaFlag('O')}"

/** A server that takes its data blocks for commands, as memcached 1.6.0 to 1.6.9 does with the length where we put it. */
private fun HostileServer.runsDataBlocks() = on({ it.line().startsWith("mg ") }, Forgery.instead("EN\r\n"))
    .on({ it.line().startsWith("ms ") }, Forgery.refusedAndBlockExecuted())

private fun HostileServer.writesInMeta() = count { it.command() == "ms" }

/** What a server must have said before a dialect is spoken. */
class GreetingTest :
    FunSpec({
        test("AUTO asks by one write of two commands, and speaks meta after both echoes") {
            HostileServer.start().use { server ->
                patient(server).use { cache ->
                    cache.set("k", "v")
                    val lines = server.lines()
                    lines[0] shouldMatch "mg (cachewire-[0-9a-f]{24}) v k O[0-9a-f]{1,8}"
                    val key = lines[0].split(' ')[1]
                    lines[1] shouldMatch "ms $key 0 MR O[0-9a-f]{1,8} k"
                    lines[2].startsWith("ms k 1 ") shouldBe true
                    server.accepted() shouldBe 1
                    server.value(key) shouldBe null
                }
            }
        }

        test("each connection has a key and opaques of its own") {
            HostileServer.start().use { server ->
                patient(server).use { cache ->
                    repeat(5) {
                        cache.set("k", "v")
                        cache.disconnectAll()
                    }
                    val greetings = server.lines().filter { it.startsWith("mg cachewire-") }
                    greetings.toSet() shouldHaveSize 5
                }
            }
        }

        val textual =
            mapOf<String, HostileServer.() -> HostileServer>(
                "no echo" to { greets({ "EN\r\n" }, { "NS\r\n" }) },
                "no echo, and the second command refused" to
                    { greets({ "EN\r\n" }, { "CLIENT_ERROR invalid flag\r\nERROR\r\n" }) },
                "the key alone" to { greets({ "EN ${echo(it).substringBefore(' ')}\r\n" }) },
                "the opaque alone" to { greets({ "EN ${echo(it).substringAfter(' ')}\r\n" }) },
                "one echo of two" to { greets({ "EN ${echo(it)}\r\n" }, { "NS\r\n" }) },
                "the second command refused" to
                    { greets({ "EN ${echo(it)}\r\n" }, { "CLIENT_ERROR bad command line format\r\n" }) },
                "errors" to { greets({ "ERROR\r\n" }, { "ERROR\r\nERROR\r\n" }) },
                "an echo and then an error" to { greets({ "EN ${echo(it)}\r\n" }, { "ERROR\r\n" }) },
                "client errors" to { greets({ "CLIENT_ERROR incorrect number of tokens supplied\r\n" }) },
            )
        for ((what, answers) in textual) {
            test("AUTO speaks text on a new connection after $what") {
                HostileServer.start().use { server ->
                    server.answers()
                    patient(server).use { cache ->
                        cache.set("k", "v")
                        cache.get<String>("k") shouldBe "v"
                        cache.fireAndForget().set("q", "w")
                        eventually("it was stored") { server.value("q") == "w" }
                    }
                    server.writesInMeta() shouldBe 0
                    server.accepted() shouldBe 2
                    server.requests().filter { it.connection() == 2 }.map { it.command() }.first() shouldBe "version"
                }
            }

            test("META is refused after $what") {
                HostileServer.start().use { server ->
                    server.answers()
                    patient(server) { protocol = Protocol.META }.use { cache ->
                        val failure = attempt { cache.set("k", "v") }.shouldFailWith<ConnectionLostException>()
                        failure.delivery() shouldBe Delivery.NOT_SENT
                        failure.message!! shouldContain "\"1.6.18\""
                        failure.message!! shouldContain "AUTO"
                    }
                    server.writesInMeta() shouldBe 0
                    server.value("k") shouldBe null
                }
            }
        }

        val failing =
            mapOf<String, HostileServer.() -> HostileServer>(
                "another opaque" to { greets({ "EN ${echo(it)}0\r\n" }) },
                "another key" to { greets({ "EN ${echo(it).replace(" ", "x ")}\r\n" }) },
                "the echo twice" to { greets({ "EN ${echo(it)}\r\n" }) },
                "two echoes in one line" to { greets({ "EN ${echo(it)} ${echo(it)}\r\n" }) },
                "an item" to { greets({ "VA 0 ${echo(it)}\r\n\r\n" }) },
                "success" to { greets({ "EN ${echo(it)}\r\n" }, { "HD ${echo(it)}\r\n" }) },
                "more than the proof" to { greets({ "EN ${echo(it)}\r\n" }, { "NS ${echo(it)}\r\nMN\r\n" }) },
                "HTTP" to { greets({ Forgery.HTTP }) },
                "TLS" to { greets({ Forgery.TLS_ALERT }) },
                "binary" to { greets({ Forgery.BINARY_REPLY }) },
                "lines without CR" to { greets({ "EN ${echo(it)}\n" }) },
                "an end within a line" to { on(GREETING, closedAfter(3)) },
                "too many connections" to { greets({ Forgery.TOO_MANY_CONNECTIONS }) },
                "a server error" to { greets({ "SERVER_ERROR out of memory\r\n" }) },
                "a bare error of something that has no version" to
                    { greets({ "ERROR\r\n" }).on("version", Forgery.error()) },
            )
        for ((what, answers) in failing) {
            test("an attempt has failed after $what, and nothing is asked in text") {
                HostileServer.start().use { server ->
                    server.answers()
                    patient(server) {
                        connectTimeout = 1.seconds
                        backoff(5.seconds, 5.seconds)
                    }.use { cache ->
                        val failure = attempt { cache.set("k", "v") }.shouldFailWith<ConnectionLostException>()
                        failure.delivery() shouldBe Delivery.NOT_SENT
                    }
                    server.accepted() shouldBe 1
                    server.requests().filter { it.command() != GREETING && it.command() != "version" }.shouldBeEmpty()
                }
            }
        }

        test("what is no memcached is named by what it says") {
            HostileServer.start().use { server ->
                server.greets({ "SSH-2.0-" + "x".repeat(200) + "\u0007\r\n" })
                patient(server).use { cache ->
                    val failure = attempt { cache.get<String>("k") }.shouldFailWith<ConnectionLostException>()
                    failure.message!! shouldContain "not a memcached"
                    failure.message!! shouldContain "SSH-2.0-" + "x".repeat(56) + "..."
                }
                server.honest().greets({ "\u0016\u0003" })
                patient(server).use { cache ->
                    val failure = attempt { cache.get<String>("k") }.shouldFailWith<ConnectionLostException>()
                    failure.message!! shouldContain "\"\\u0016\\u0003"
                }
            }
        }

        test("a greeting without an end is given up at once") {
            HostileServer.start().use { server ->
                server.on(GREETING) { turn -> turn.sendEndlessly { "A".repeat(1 shl 16) } }
                patient(server) { requestTimeout = 5.seconds }.use { cache ->
                    val outcome = attempt { cache.get<String>("k") }
                    outcome.shouldFailWith<ConnectionLostException>().message!! shouldContain "not a memcached"
                    outcome.took shouldBeLessThan 2.seconds
                }
                server.sent() shouldBeLessThan (64L shl 20)
            }
        }

        test("a server that is full before it was asked anything fails the attempt") {
            HostileServer.start().use { server ->
                server.banner(Forgery.TOO_MANY_CONNECTIONS)
                patient(server).use { cache ->
                    val failure = attempt { cache.get<String>("k") }.shouldFailWith<ConnectionLostException>()
                    failure.message!! shouldContain "Too many open connections"
                    server.honest()
                    cache.shouldRecover()
                }
                (server.writesInMeta() > 0) shouldBe true
            }
        }

        for ((how, closing) in mapOf("closes" to closedAfter(0), "resets" to resetAfter(0))) {
            test("a server that $how the connection at the question for meta is asked for its version") {
                HostileServer.start().use { server ->
                    server.on(GREETING, closing)
                    patient(server).use { cache ->
                        cache.set("k", "v")
                        cache.get<String>("k") shouldBe "v"
                    }
                    server.accepted() shouldBe 2
                    server.writesInMeta() shouldBe 0
                }
            }

            test("a server that $how it at that question too is asked for an absent key") {
                HostileServer.start().use { server ->
                    server.on(GREETING, closing).on("version", closing)
                    patient(server).use { cache ->
                        cache.set("k", "v")
                        cache.get<String>("k") shouldBe "v"
                    }
                    server.accepted() shouldBe 3
                    server.writesInMeta() shouldBe 0
                }
            }

            test("a server that $how it at everything fails the attempt") {
                HostileServer.start().use { server ->
                    server.always(closing)
                    patient(server) { backoff(5.seconds, 5.seconds) }.use { cache ->
                        val failure = attempt { cache.set("k", "v") }.shouldFailWith<ConnectionLostException>()
                        failure.message!! shouldContain "closed the connection before it greeted"
                    }
                    server.accepted() shouldBe 3
                }
            }
        }

        test("TEXT asks for the version, or for an absent key where the server closes at that") {
            HostileServer.start().use { server ->
                server.on("version", closedAfter(0))
                patient(server) { protocol = Protocol.TEXT }.use { cache ->
                    cache.set("k", "v")
                    server.lines().take(2).map { it.substringBefore('-') } shouldBe listOf("version", "get cachewire")
                }
            }
        }

        test("META is refused where the server closes at the question, by a message that says so") {
            HostileServer.start().use { server ->
                server.on(GREETING, closedAfter(0))
                patient(server) { protocol = Protocol.META }.use { cache ->
                    val failure = attempt { cache.set("k", "v") }.shouldFailWith<ConnectionLostException>()
                    failure.message!! shouldContain "closes the connection at it"
                    failure.message!! shouldContain "AUTO"
                }
            }
        }

        test("silence is a failed attempt and never a reason for text") {
            HostileServer.start().use { server ->
                server.on(GREETING, hang())
                patient(server) {
                    connectTimeout = 150.milliseconds
                    requestTimeout = 5.seconds
                    backoff(5.seconds, 5.seconds)
                }.use { cache ->
                    attempt { cache.get<String>("k") }.shouldFailWith<ConnectionLostException>()
                }
                server.accepted() shouldBe 1
                server.count { it.command() == "version" } shouldBe 0
            }
        }

        test("a bare error is not believed of a server that is silent then") {
            HostileServer.start().use { server ->
                server.greets({ "ERROR\r\n" }).on("version", hang())
                patient(server) {
                    connectTimeout = 150.milliseconds
                    requestTimeout = 5.seconds
                    backoff(5.seconds, 5.seconds)
                }.use { cache ->
                    attempt { cache.get<String>("k") }.shouldFailWith<ConnectionLostException>()
                }
                server.accepted() shouldBe 1
            }
        }

        test("a server that wants a login says so to every greeting") {
            val unauthenticated = Forgery.clientError("unauthenticated")
            for (lie in listOf<Lie>(unauthenticated, closedAfter(0))) {
                HostileServer.start().use { server ->
                    server.always(unauthenticated).on(GREETING, lie)
                    for (protocol in listOf(Protocol.AUTO, Protocol.META, Protocol.TEXT)) {
                        patient(server) { this.protocol = protocol }.use { cache ->
                            attempt { cache.get<String>("k") }.shouldFailWith<AuthenticationException>()
                        }
                    }
                }
            }
        }

        for (protocol in listOf(Protocol.AUTO, Protocol.META)) {
            test("no value is run as a command by a server that reads no data blocks ($protocol)") {
                val values = listOf("flush_all", "set x 0 0 1\r\n1", "flush_all\r\nset x 0 0 1\r\n1\r\n", "delete kept")
                HostileServer.start().use { server ->
                    server.runsDataBlocks().put("kept", 0, "kept")
                    patient(server) { this.protocol = protocol }.use { cache ->
                        for (value in values) {
                            attempt { cache.set("k", value) }
                            attempt { cache.add("k", value) }
                            attempt { cache.append("k", value) }
                            attempt { cache.blocking().set("k", value) }
                            attempt { cache.async().set("k", value).await() }
                            attempt { cache.fireAndForget().set("k", value) }
                            attempt { cache.setAll(mapOf("k1" to value, "k2" to value)) }
                            attempt { cache.meta().set("k", TypedValue.of(value)) }
                        }
                        attempt { cache.get<String>("kept") }
                    }
                    server.value("kept") shouldBe "kept"
                    server.value("x") shouldBe null
                    server.lines().joinToString() shouldNotContain "flush_all"
                }
            }
        }

        test("requests that wait while a server is replaced by an older one are sent as that one understands them") {
            HostileServer.start().use { server ->
                patient(server) {
                    requestTimeout = 5.seconds
                    connectTimeout = 5.seconds
                }.use { cache ->
                    server.put("kept", 0, "kept")
                    cache.set("k", "v")
                    server.runsDataBlocks()
                    val isAsked = CountDownLatch(1)
                    val mayAnswer = CountDownLatch(1)
                    server.next(GREETING) { turn ->
                        isAsked.countDown()
                        InTime.await(mayAnswer)
                        turn.send("EN\r\n")
                    }
                    cache.disconnectAll()
                    coroutineScope {
                        val waiting = (0 until 40).map { start { cache.set("k$it", "flush_all") } }
                        InTime.await(isAsked)
                        mayAnswer.countDown()
                        waiting.awaitAll().forEach { it.failure shouldBe null }
                    }
                    (0 until 40).forEach { server.value("k$it") shouldBe "flush_all" }
                    server.value("kept") shouldBe "kept"
                }
            }
        }

        test("a server that was stopped for more than half of the connect time-out speaks meta afterwards") {
            MemcachedServer.start().use { server ->
                client(server.address()) {
                    connectTimeout = 2.seconds
                    requestTimeout = 5.seconds
                }.use { cache ->
                    server.pause()
                    coroutineScope {
                        val stored = start { cache.set("k", "v") }
                        withTimeoutOrNull(1300.milliseconds) { stored.await() } shouldBe null
                        server.resume()
                        stored.await().failure shouldBe null
                    }
                    cache.markStale("k", 5.seconds) shouldBe true
                }
            }
        }
    })
