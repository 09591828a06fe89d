package io.cachewire.reliability

import io.cachewire.AuthenticationException
import io.cachewire.BlockingMemcachedClient
import io.cachewire.CleartextCredentials
import io.cachewire.ConnectionLostException
import io.cachewire.Credentials
import io.cachewire.CredentialsProvider
import io.cachewire.FailureMode
import io.cachewire.IllegalRequestException
import io.cachewire.MemcachedException.Delivery
import io.cachewire.Protocol
import io.cachewire.ServerAddress
import io.cachewire.fixture.Delivery.hang
import io.cachewire.fixture.FaultProxy
import io.cachewire.fixture.Forgery
import io.cachewire.fixture.Gate
import io.cachewire.fixture.HostileServer
import io.cachewire.fixture.MemcachedServer
import io.cachewire.get
import io.cachewire.internal.connection.Clock
import io.cachewire.internal.connection.IoThread
import io.cachewire.internal.connection.Login
import io.cachewire.internal.connection.LoginRefused
import io.cachewire.internal.connection.LoginSettings
import io.cachewire.internal.connection.Transport
import io.cachewire.internal.protocol.BinaryReplies
import io.cachewire.set
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.comparables.shouldBeLessThan
import io.kotest.matchers.ints.shouldBeLessThan
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import io.ktor.network.sockets.InetSocketAddress
import io.ktor.network.sockets.SocketAddress
import io.ktor.network.sockets.UnixSocketAddress
import kotlinx.coroutines.coroutineScope
import java.io.ByteArrayOutputStream
import java.nio.ByteBuffer
import java.util.concurrent.CountDownLatch
import java.util.concurrent.atomic.AtomicInteger
import kotlin.time.Duration.Companion.seconds

private const val USER = "alice"
private const val PASSWORD = "s3cret-w0rd"
private val RIGHT = Credentials.of(USER, PASSWORD)

private fun HostileServer.client(dialect: Protocol, provider: CredentialsProvider? = RIGHT) = client(address()) {
    protocol = dialect
    credentials = provider
}

private fun HostileServer.logins() = count { it.command() == "set" && it.key() == "login" }

/** The login of `memcached -Y`, and what holds for every login. */
class LoginTest :
    FunSpec({
        test("F61 a real server with text users: right and wrong passwords, restart, and no credentials") {
            MemcachedServer.with().authentication(USER, PASSWORD).start().use { server ->
                for (dialect in listOf(Protocol.AUTO, Protocol.META, Protocol.TEXT)) {
                    client(server.address()) {
                        protocol = dialect
                        credentials = RIGHT
                    }.use { cache ->
                        cache.set("k", "v")
                        cache.get<String>("k") shouldBe "v"
                        cache.shouldBeInSync()
                        cache.get<String>("login") shouldBe null
                        server.restart()
                        cache.shouldRecover()
                    }
                    for (wrong in listOf(Credentials.of(USER, "wrong"), Credentials.of("bob", PASSWORD), null)) {
                        client(server.address()) {
                            protocol = dialect
                            credentials = wrong
                            failureMode = FailureMode.MISS
                        }.use { cache ->
                            val ended = attempt { cache.get<String>("k") }
                            ended.shouldFailWith<AuthenticationException>().delivery() shouldBe Delivery.NOT_SENT
                            ended.took shouldBeLessThan BOUND
                        }
                    }
                }
            }
        }

        eachDialect("F61 a refused login reaches each caller at once, and attempts are spaced") { dialect ->
            HostileServer.start().authentication(USER, PASSWORD).use { server ->
                FaultProxy.to(server.address()).use { proxy ->
                    client(proxy.address()) {
                        protocol = dialect
                        credentials = Credentials.of(USER, "wrong")
                        backoff(2.seconds, 2.seconds)
                    }.use { cache ->
                        many(500) { cache.get<String>("k$it") }.shouldEndWithin(BOUND).forEach {
                            it.shouldFailWith<AuthenticationException>()
                        }
                        repeat(500) {
                            val ended = attempt { cache.set("k", "v") }
                            ended.shouldFailWith<AuthenticationException>().message!! shouldContain
                                "authentication failure"
                        }
                        proxy.accepted() shouldBeLessThan 5
                        server.requests().map { it.command() }.toSet() shouldBe setOf("version", "set")
                        server.logins() shouldBe proxy.accepted()
                    }
                }
            }
        }

        eachDialect("F61 each new connection logs in before any request") { dialect ->
            HostileServer.start().authentication(USER, PASSWORD).use { server ->
                FaultProxy.to(server.address()).use { proxy ->
                    client(proxy.address()) {
                        protocol = dialect
                        credentials = RIGHT
                    }.use { cache ->
                        repeat(3) {
                            cache.shouldRecover()
                            proxy.resetAll()
                        }
                        cache.shouldRecover()
                        server.logins() shouldBe server.accepted()
                        for (requests in server.requests().groupBy { it.connection() }.values) {
                            requests.take(2).map { "${it.command()} ${it.key()}".trim() } shouldContainExactly
                                listOf("version", "set login")
                        }
                    }
                }
            }
        }

        eachDialect("F61 a login that hangs costs the connect time-out, one that is lost fails at once") { dialect ->
            HostileServer.start().authentication(USER, PASSWORD).use { server ->
                server.client(dialect).use { cache ->
                    server.next("set", hang())
                    attempt { cache.get<String>("k") }.took shouldBeLessThan BOUND
                    eventually("the attempt ends") { server.open() == 0 }
                    server.honest().next("set", { turn -> turn.close() })
                    attempt { cache.withRequestTimeout(5.seconds).get<String>("k") }
                        .shouldFailWith<ConnectionLostException>()
                        .delivery() shouldBe Delivery.NOT_SENT
                    server.honest()
                    cache.shouldRecover()
                }
            }
        }

        eachDialect("S15 a changed password is in use from the next connection on, without a new client") { dialect ->
            HostileServer.start().authentication(USER, "old").use { server ->
                FaultProxy.to(server.address()).use { proxy ->
                    var password = "old"
                    val asked = AtomicInteger()
                    client(proxy.address()) {
                        protocol = dialect
                        credentials =
                            CredentialsProvider {
                                asked.incrementAndGet()
                                Credentials.of(USER, password)
                            }
                    }.use { cache ->
                        cache.shouldBeInSync()
                        asked.get() shouldBe 1
                        server.authentication(USER, "new")
                        proxy.resetAll()
                        eventually("the old one is refused") {
                            kotlinx.coroutines.runBlocking {
                                attempt { cache.version() }.failure!!.cause is AuthenticationException
                            }
                        }
                        password = "new"
                        cache.shouldRecover()
                        cache.shouldBeInSync()
                    }
                }
            }
        }

        test("S15 a provider that throws or blocks fails its connection in time, and no other") {
            HostileServer.start().authentication(USER, PASSWORD).use { server ->
                server.client(Protocol.META) { error("no vault: $PASSWORD") }.use { cache ->
                    val failure = attempt { cache.get<String>("k") }.shouldFailWith<AuthenticationException>()
                    failure.message!! shouldNotContain PASSWORD
                }
                val gate = CountDownLatch(1)
                server.client(Protocol.META) { RIGHT.also { gate.await() } }.use { cache ->
                    attempt { cache.get<String>("k") }.took shouldBeLessThan BOUND
                    server.client(Protocol.META).use { other -> other.shouldBeInSync() }
                    gate.countDown()
                    cache.shouldRecover()
                }
            }
        }

        test("S15 what a provider throws is told by its class: its text is in no message, trace or line of a log") {
            HostileServer.start().authentication(USER, PASSWORD).use { server ->
                val thrown =
                    listOf<Throwable>(
                        IllegalStateException("vault: $PASSWORD"),
                        OutOfMemoryError("vault: $PASSWORD"),
                        NoClassDefFoundError("vault/$PASSWORD"),
                        java.util.concurrent.CancellationException(PASSWORD),
                        java.io.IOException(
                            "x",
                            IllegalArgumentException(PASSWORD).also {
                                it.addSuppressed(Error(PASSWORD))
                            },
                        ),
                        object : RuntimeException() {
                            override val message: String get() = PASSWORD

                            override fun toString() = PASSWORD

                            override val cause: Throwable get() = error(PASSWORD)
                        },
                    )
                for (one in thrown) {
                    val texts = mutableListOf<String>()
                    texts +=
                        logged {
                            server.client(Protocol.META) { throw one }.use { cache ->
                                val trace = java.io.StringWriter()
                                val failure = attempt {
                                    cache.get<String>("k")
                                }.shouldFailWith<AuthenticationException>()
                                failure.printStackTrace(java.io.PrintWriter(trace))
                                texts += trace.toString()
                                texts += cache.toString()
                                texts += cache.settings().toString()
                                failure.message!! shouldContain one.javaClass.name
                                // where it was thrown is told
                                trace.toString() shouldContain "LoginTest"
                                attempt { cache.version() }.failure!!.texts().forEach { texts += it }
                                cache.cluster().servers().forEach { texts += it.toString() }
                                val late = cache.async().get("k", String::class.java)
                                texts += runCatching { late.join() }.exceptionOrNull()!!.stackTraceToString()
                            }
                        }
                    texts.filter { PASSWORD in it }.shouldBeEmpty()
                }
            }
        }

        test("S15 a provider that returns null is named") {
            class Forgetful : CredentialsProvider {
                @Suppress("UNCHECKED_CAST")
                override fun credentialsFor(server: ServerAddress): Credentials =
                    (listOf<Any?>(null) as List<Credentials>)[0]

                override fun toString() = PASSWORD
            }
            HostileServer.start().authentication(USER, PASSWORD).use { server ->
                server.client(Protocol.META, Forgetful()).use { cache ->
                    val failure = attempt { cache.get<String>("k") }.shouldFailWith<AuthenticationException>()
                    failure.message!! shouldContain Forgetful::class.java.name
                    failure.message!! shouldContain "returned null"
                    failure.message!! shouldNotContain PASSWORD
                }
                server.requests().shouldBeEmpty()
            }
            LoginSettings(Forgetful(), CleartextCredentials.REFUSED).toString() shouldNotContain PASSWORD
        }

        test("S15 credentials are shown nowhere") {
            val texts = mutableListOf<String>()
            for (password in listOf(PASSWORD, "wrong-$PASSWORD")) {
                HostileServer.start().authentication(USER, PASSWORD).use { server ->
                    val credentials = Credentials.of(USER, password)
                    texts += credentials.toString()
                    texts +=
                        logged {
                            server.client(Protocol.META, credentials).use { cache ->
                                attempt { cache.get<String>("k") }.failure?.let { texts += it.texts() }
                                server.next("set", Forgery.instead("SERVER_ERROR $USER\r\n"))
                                cache.disconnectAll()
                                attempt { cache.get<String>("k") }.failure?.let { texts += it.texts() }
                                texts += cache.toString()
                            }
                        }
                }
            }
            texts +=
                BlockingMemcachedClient.builder("127.0.0.1").credentials(RIGHT).settings().toString()
            texts += shouldThrow<IllegalRequestException> { Credentials.of(USER, "$PASSWORD\n") }.message!!
            texts += shouldThrow<IllegalRequestException> { Credentials.of("$PASSWORD\u0000", "p") }.message!!
            texts.filter { PASSWORD in it }.shouldBeEmpty()
            Thread.getAllStackTraces().keys.filter { PASSWORD in it.name }.shouldBeEmpty()
        }

        test("S15 the array of a password is copied both ways") {
            val mine = PASSWORD.toCharArray()
            val credentials = Credentials.of(USER, mine)
            mine.fill('x')
            credentials.password().fill('y')
            String(credentials.password()) shouldBe PASSWORD
        }

        test("S03 users and passwords that would break a line are refused before anything is sent") {
            for (bad in listOf("a\rb", "a\nb", "a\u0000b", "a\u0007", "\ud800", "", "x".repeat(513))) {
                shouldThrow<IllegalRequestException> { Credentials.of(bad, "p") }
                shouldThrow<IllegalRequestException> { Credentials.of("u", bad) }
            }
            HostileServer.start().authentication("a b", "c").use { server ->
                for (blank in listOf(Credentials.of("a b", "c"), Credentials.of("a", "b c"))) {
                    server.client(Protocol.TEXT, blank).use { cache ->
                        attempt {
                            cache.get<String>("k")
                        }.shouldFailWith<AuthenticationException>().message!! shouldContain
                            "blank"
                    }
                }
                server.requests().shouldBeEmpty()
            }
        }

        eachDialect("S17 nothing is sent before the login has been accepted") { dialect ->
            HostileServer.start().authentication(USER, PASSWORD).use { server ->
                server.client(dialect).use { cache ->
                    val gate = Gate()
                    server.next("set", gate)
                    val patient = cache.withRequestTimeout(5.seconds)
                    coroutineScope {
                        val calls = (0 until 50).map { start { patient.set("k$it", "v") } }
                        gate.awaitRequest()
                        server.requests().map { it.command() } shouldContainExactly listOf("version", "set")
                        gate.open()
                        calls.forEach { it.await().failure shouldBe null }
                    }
                }
            }
        }

        eachDialect("S17 a reply of another kind to the login is refused") { dialect ->
            for (line in listOf(
                "HD",
                "OK",
                "NOT_STORED",
                "EXISTS",
                "VERSION 1",
                "END",
                "5",
                "VALUE k 0 1\r\nx\r\nEND",
            )) {
                HostileServer.start().authentication(USER, PASSWORD).use { server ->
                    server.on("set", Forgery.instead("$line\r\n"))
                    server.client(dialect).use { cache ->
                        attempt { cache.get<String>("k") }.failure!!.delivery() shouldBe Delivery.NOT_SENT
                        server.requests().map { it.command() }.toSet() shouldBe setOf("version", "set")
                    }
                }
            }
        }

        eachDialect("S17 a server that asks for no login is sent no credentials") { dialect ->
            HostileServer.start().use { server ->
                server.client(dialect).use { cache ->
                    attempt { cache.get<String>("k") }.shouldFailWith<AuthenticationException>().message!! shouldContain
                        "the credentials were not sent"
                    server.requests().map { it.command() }.toSet() shouldBe setOf("version")
                    server.value("login") shouldBe null
                }
            }
        }

        test("S16 a password goes over a network in clear only when that is allowed") {
            shouldNotSend(FAR, text())
            shouldNotSend(FAR, sasl("PLAIN"))
            for (address in listOf(SocketAddresses.V4, SocketAddresses.V6, SocketAddresses.UNIX)) {
                shouldSend(address, text())
                shouldSend(address, sasl("PLAIN"))
            }
            shouldSend(FAR, text(), CleartextCredentials.ALLOWED)
            shouldSend(FAR, sasl("PLAIN"), CleartextCredentials.ALLOWED)
            shouldSend(FAR, text(isSecure = true))
            shouldSend(FAR, sasl("PLAIN", isSecure = true))
        }

        test("S16 SCRAM does not show the password, and so is tried anywhere") {
            val transport = sasl("PLAIN SCRAM-SHA-256")
            // the script has no challenge: the server's half is tested elsewhere
            shouldThrow<LoginRefused> { login(FAR, transport, CleartextCredentials.REFUSED) }
            transport.text() shouldContain "SCRAM-SHA-256n,,n=$USER,r="
            transport.text() shouldNotContain PASSWORD
        }
    })

private val FAR = InetSocketAddress("192.0.2.7", 11211)

private object SocketAddresses {
    val V4 = InetSocketAddress("127.0.0.1", 11211)
    val V6 = InetSocketAddress("::1", 11211)
    val UNIX = UnixSocketAddress("/run/memcached.sock")
}

/** A server that answers in a fixed order, one answer for each read. */
private class Scripted(
    val binary: Boolean,
    override val isSecure: Boolean,
    vararg answers: ByteArray,
) : Transport {
    private val left = ArrayDeque(answers.toList())
    private val written = ByteArrayOutputStream()

    fun text(): String = written.toString(Charsets.ISO_8859_1)

    override fun read(target: ByteBuffer): Int {
        val next = left.removeFirstOrNull() ?: return -1
        target.put(next)
        return next.size
    }

    override fun write(source: ByteBuffer): Int = source.remaining().also {
        while (source.hasRemaining()) written.write(source.get().toInt())
    }

    override suspend fun awaitReadable() = Unit

    override suspend fun awaitWritable() = Unit

    override fun close() = Unit
}

private fun text(isSecure: Boolean = false) =
    Scripted(false, isSecure, "CLIENT_ERROR unauthenticated\r\n".toByteArray(), "STORED\r\n".toByteArray())

private fun sasl(mechanisms: String, isSecure: Boolean = false) =
    Scripted(true, isSecure, BinaryReplies.to(0x20, 0).value(mechanisms).bytes(), BinaryReplies.done(0x21, 1))

private suspend fun login(address: SocketAddress, transport: Scripted, policy: CleartextCredentials) {
    val io = IoThread(Clock.System)
    try {
        Login(
            io,
            LoginSettings(RIGHT, policy),
            transport,
            address,
        ).perform(ServerAddress("far", 11211), transport.binary)
    } finally {
        io.close()
    }
}

private suspend fun shouldSend(
    address: SocketAddress,
    transport: Scripted,
    policy: CleartextCredentials = CleartextCredentials.REFUSED,
) {
    login(address, transport, policy)
    transport.text() shouldContain PASSWORD
}

private suspend fun shouldNotSend(address: SocketAddress, transport: Scripted) {
    shouldThrow<LoginRefused> { login(address, transport, CleartextCredentials.REFUSED) }.message!! shouldContain
        "in clear"
    transport.text() shouldNotContain PASSWORD
    transport.text() shouldNotContain USER
}
