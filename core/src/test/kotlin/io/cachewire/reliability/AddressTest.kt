package io.cachewire.reliability

import io.cachewire.ConnectionLostException
import io.cachewire.IllegalRequestException
import io.cachewire.MemcachedClient
import io.cachewire.MemcachedException.Delivery
import io.cachewire.ServerAddress
import io.cachewire.fixture.AcceptMode
import io.cachewire.fixture.FaultProxy
import io.cachewire.fixture.MemcachedServer
import io.cachewire.fixture.PathProbe
import io.cachewire.get
import io.cachewire.internal.connection.Clock
import io.cachewire.internal.connection.Connector
import io.cachewire.internal.connection.IoThread
import io.cachewire.internal.connection.PLAIN_SETTINGS
import io.cachewire.internal.connection.Resolver
import io.cachewire.set
import io.cachewire.weight
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldStartWith
import java.io.IOException
import java.net.InetAddress
import java.net.StandardProtocolFamily
import java.net.UnixDomainSocketAddress
import java.net.UnknownHostException
import java.nio.channels.ServerSocketChannel
import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.CopyOnWriteArrayList
import kotlin.time.Duration.Companion.seconds

/** Where servers are: names, addresses, paths. */
class AddressTest :
    FunSpec({
        suspend fun connecting(resolver: Resolver, body: suspend (Connector) -> Unit) =
            IoThread(Clock.System).use { body(Connector(it, PLAIN_SETTINGS, resolver)) }

        fun loopback(last: Int) = InetAddress.getByAddress(byteArrayOf(127, 0, 0, last.toByte()))

        test("F27 a name without an address is named, and asked for again after the back-off") {
            client(ServerAddress("no-such-host.invalid", 11211)) { requestTimeout = 5.seconds }.use { cache ->
                val failure = attempt { cache.get<String>("k") }.shouldFailWith<ConnectionLostException>()
                failure.delivery() shouldBe Delivery.NOT_SENT
                failure.message!! shouldContain "no-such-host.invalid"
            }
            val asked = CopyOnWriteArrayList<String>()
            connecting({
                asked += it
                throw UnknownHostException(it)
            }) { connector ->
                repeat(2) {
                    shouldThrow<IOException> {
                        connector.open(ServerAddress("cache.example", 1))
                    }.message!! shouldContain
                        "the host cache.example does not resolve"
                }
                asked shouldBe listOf("cache.example", "cache.example")
            }
        }

        test("F27 each attempt asks anew where the name is") {
            MemcachedServer.start().use { server ->
                val answers = ArrayDeque(listOf(loopback(9), loopback(1)))
                connecting({ listOf(answers.removeFirst()) }) { connector ->
                    val address = ServerAddress("cache.example", server.port())
                    // memcached listens on 127.0.0.1 only
                    shouldThrow<IOException> { connector.open(address) }
                    connector.open(address).transport.close()
                }
            }
        }

        test("F27 of several addresses the first that answers is taken, whether the others refuse or are silent") {
            MemcachedServer.start().use { server ->
                FaultProxy.to(server.address()).accept(AcceptMode.HANG).use { silent ->
                    connecting({ listOf(loopback(9), loopback(8), loopback(1)) }) { connector ->
                        connector.open(ServerAddress("cache.example", server.port())).transport.close()
                    }
                    // each is given up for the next one after its share of the time
                    connecting({ listOf(loopback(1), loopback(1)) }) { connector ->
                        shouldThrow<IOException> { connector.open(ServerAddress("cache.example", silent.port())) }
                        silent.accepted() shouldBe 2
                    }
                }
            }
        }

        test("F65 a path without a socket is a clear error, and the server is found when it comes") {
            MemcachedServer.with().onUnixSocket().start().use { server ->
                client(server.address()) { requestTimeout = 5.seconds }.use { cache ->
                    cache.shouldBeInSync()
                    server.kill()
                    Files.deleteIfExists(Path.of(server.address().host()))
                    eventually("the loss is known") { attemptNow { cache.blocking().version() } }
                    val failure = attempt { cache.get<String>("k") }.shouldFailWith<ConnectionLostException>()
                    failure.delivery() shouldBe Delivery.NOT_SENT
                    failure.message!! shouldContain server.address().host()
                    failure.message!! shouldContain "No such file or directory"
                    server.startAgain()
                    cache.shouldRecover()
                }
            }
        }

        test("F65 a socket that nobody listens on any more is a clear error") {
            val path = Files.createTempDirectory("mc").resolve("stale.sock")
            ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(path)).close()
            try {
                client(ServerAddress.parse("unix:$path")).use { cache ->
                    repeat(2) {
                        val failure = attempt { cache.get<String>("k") }.shouldFailWith<ConnectionLostException>()
                        failure.delivery() shouldBe Delivery.NOT_SENT
                        failure.message!! shouldContain "Connection refused"
                    }
                }
            } finally {
                Files.delete(path)
                Files.delete(path.parent)
            }
        }

        test("F65 a path that is no socket is a clear error") {
            val file = tempdir().toPath().resolve("file")
            Files.writeString(file, "text")
            client(ServerAddress.parse("$file")).use { cache ->
                val failure = attempt { cache.get<String>("k") }.shouldFailWith<ConnectionLostException>()
                failure.delivery() shouldBe Delivery.NOT_SENT
                failure.message!! shouldContain file.toString()
            }
        }

        test("F65 a socket without permission is a clear error, and the server is found when it is given") {
            MemcachedServer.with().onUnixSocket().start().use { server ->
                val path = Path.of(server.address().host())
                val before = Files.getPosixFilePermissions(path)
                Files.setPosixFilePermissions(path, emptySet())
                PathProbe.to("$path").use { probe ->
                    val failure = probe.failure()
                    failure shouldStartWith "NOT_SENT"
                    failure shouldContain "$path"
                    failure shouldContain "Permission denied"
                    Files.setPosixFilePermissions(path, before)
                    probe.answer() shouldBe "answered"
                }
            }
        }

        test("F65 a path longer than the kernel takes is refused at once") {
            val longest = "/" + "p".repeat(106)
            ServerAddress.parse(longest).isUnix shouldBe true
            for (path in listOf(longest + "p", "unix:$longest" + "p", "/" + "ü".repeat(54))) {
                shouldThrow<IllegalRequestException> { ServerAddress.parse(path) }.message!! shouldContain "107 bytes"
            }
        }

        test("S20 addresses are read strictly or refused") {
            val refused =
                listOf(
                    "user:secret@h:1", "h:65536", "h:0", "h :1", " h", "h\t", "::1", "[::1", "[::1]:1:0", "[::g]:1",
                    "[h]:1",
                    "[1.2.3.4]:1", "[::1%]:1", "11211", "udp:", "udp:11211", "udp::1", "udp:udp:h", "udp:/run/m.sock",
                    "udp:[::1",
                    "tcp:h:1:2", "unix:run/m.sock", "h:1:1:1", "memcached://h", "h:1,i:1",
                )
            for (text in refused) shouldThrow<IllegalRequestException> { ServerAddress.parse(text) }
            ServerAddress.parse("udp:[::1]:7:2") shouldBe ServerAddress("::1", 7, 2, ServerAddress.Transport.UDP)
            ServerAddress.parse("udp:h").toString() shouldBe "udp:h:11211"
            ServerAddress.parse("[::ffff:10.0.0.1]").host() shouldBe "::ffff:10.0.0.1"
            ServerAddress.parse("[fe80::1%eth0]:1").host() shouldBe "fe80::1%eth0"
        }

        test("S20 a weight goes with each form that has a port") {
            ("b:11211" weight 2) shouldBe "b:11211:2"
            ("b" weight 3) shouldBe "b:11211:3"
            ("udp:[::1]" weight 2) shouldBe "udp:[::1]:11211:2"
            for (text in listOf("/run/m.sock", "b:1:2", "b:")) shouldThrow<IllegalRequestException> { text weight 2 }
            shouldThrow<IllegalRequestException> { "b" weight 0 }
            MemcachedClient { servers("a:11211", "b:11211" weight 2) }.use { cache ->
                cache.settings().servers().map { it.weight() } shouldBe listOf(1, 2)
            }
        }

        test("S20 an IPv6 address in brackets is connected to") {
            MemcachedServer.start("-l", "::1").use { server ->
                client(ServerAddress.parse("[::1]:${server.port6()}")) { connectTimeout = 5.seconds }.use { cache ->
                    cache.withRequestTimeout(5.seconds).set("k", "v")
                    cache.shouldBeInSync()
                }
            }
        }
    })

/** True when a call fails now. */
private fun attemptNow(call: () -> Unit): Boolean = runCatching(call).isFailure
