package io.cachewire.reliability

import io.cachewire.ConnectionLostException
import io.cachewire.IllegalRequestException
import io.cachewire.MemcachedException.Delivery
import io.cachewire.ServerAddress
import io.cachewire.Tls
import io.cachewire.fixture.AcceptMode
import io.cachewire.fixture.CertificateAuthority
import io.cachewire.fixture.CertificateAuthority.Identity
import io.cachewire.fixture.FaultProxy
import io.cachewire.fixture.MemcachedServer
import io.cachewire.get
import io.cachewire.set
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.collections.shouldNotBeEmpty
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import java.net.InetAddress
import java.net.ServerSocket
import java.security.cert.X509Certificate
import java.util.concurrent.atomic.AtomicInteger
import javax.net.ssl.X509ExtendedTrustManager
import javax.net.ssl.X509TrustManager
import kotlin.concurrent.thread
import kotlin.time.Duration.Companion.seconds

/** TLS to a real memcached, right and wrong. */
class TlsTest :
    FunSpec({
        val authority = CertificateAuthority()
        val good = authority.issue("localhost", "127.0.0.1")
        val tls = Tls.of(authority.context())
        val patient = 10.seconds

        fun server(identity: Identity, vararg options: String): MemcachedServer {
            val folder = tempdir().toPath()
            identity.write(folder)
            return MemcachedServer.with(*options).tls(folder.resolve("chain.pem"), folder.resolve("key.pem")).start()
        }

        fun secure(address: ServerAddress, how: Tls = tls) = client(address) {
            this.tls = how
            requestTimeout = patient
            connectTimeout = patient
            stallTimeout = patient
        }

        /** The message of a call that failed before anything was sent. */
        suspend fun refusal(address: ServerAddress, how: Tls = tls): String = secure(address, how).use { cache ->
            val failure = attempt { cache.set("secret", "value") }.shouldFailWith<ConnectionLostException>()
            failure.delivery() shouldBe Delivery.NOT_SENT
            failure.message!! shouldContain address.toString()
            failure.message!!
        }

        for (version in listOf("TLSv1.3", "TLSv1.2")) {
            test("S13 calls of all sizes pass in $version, cut anywhere") {
                server(good).use { server ->
                    FaultProxy.to(server.address()).use { proxy ->
                        secure(proxy.address(), tls.protocols(version)).use { cache ->
                            cache.shouldBeInSync()
                            proxy.up().slice(5000)
                            proxy.down().slice(4321)
                            val large = ByteArray(900_000) { (it * 31).toByte() }
                            many(4) { cache.set("large-$it", large) }.forEach { it.failure shouldBe null }
                            many(4) { cache.get<ByteArray>("large-$it")!!.contentEquals(large) }.forEach {
                                it.value shouldBe true
                            }
                            cache.shouldBeInSync()
                        }
                    }
                }
            }
        }

        test("F62 a certificate for another host is refused before any request") {
            server(authority.issue("elsewhere.example")).use { server ->
                refusal(server.address()) shouldContain "is for another host"
                secure(server.address(), tls.dangerouslyAcceptAnyHostName()).use { cache ->
                    val stats = cache.stats().values.single()
                    // the greeting of this connection
                    stats["cmd_get"] shouldBe "1"
                    stats["cmd_set"] shouldBe "1"
                }
                secure(server.address(), tls.serverName("elsewhere.example")).use { it.shouldBeInSync() }
                refusal(server.address(), tls.serverName("else.example")) shouldContain "is for another host"
            }
        }

        test("F62 an expired certificate is refused") {
            server(authority.issueExpired("127.0.0.1")).use { refusal(it.address()) shouldContain "has expired" }
        }

        test("F62 a certificate of somebody unknown is refused") {
            server(CertificateAuthority().issue("127.0.0.1")).use {
                refusal(it.address()) shouldContain "signed by nobody trusted here"
                refusal(it.address(), Tls.system()) shouldContain "signed by nobody trusted here"
            }
        }

        test("F62 a server without TLS is refused and gets no request") {
            ServerSocket(0, 50, InetAddress.getByAddress(byteArrayOf(127, 0, 0, 1))).use { listener ->
                val seen = mutableListOf<Int>()
                val serving =
                    thread(isDaemon = true) {
                        listener.accept().use {
                            seen += it.getInputStream().read()
                            it.getOutputStream().write("ERROR\r\n".toByteArray())
                            it.getInputStream().readAllBytes()
                        }
                    }
                refusal(ServerAddress("127.0.0.1", listener.localPort)) shouldContain "does not speak TLS"
                serving.join()
                seen shouldBe listOf(HANDSHAKE)
            }
            MemcachedServer.start().use { server ->
                client(server.address()) { this.tls = tls }.use { cache ->
                    attempt { cache.set("secret", "value") }.failure!!.delivery() shouldBe Delivery.NOT_SENT
                }
            }
        }

        test("F62 a handshake that stalls costs the connect time-out") {
            server(good).use { server ->
                FaultProxy.to(server.address()).accept(AcceptMode.HANG).use { proxy ->
                    client(proxy.address()) {
                        this.tls = tls
                        requestTimeout = patient
                    }.use { cache ->
                        val failure = attempt { cache.get<String>("k") }.shouldFailWith<ConnectionLostException>()
                        failure.delivery() shouldBe Delivery.NOT_SENT
                        failure.message!! shouldContain "it was still in the TLS handshake"
                    }
                }
            }
        }

        test("F62 a stream that ends without close_notify was cut") {
            server(good).use { server ->
                FaultProxy.to(server.address()).use { proxy ->
                    secure(proxy.address()).use { cache ->
                        cache.shouldBeInSync()
                        val before = proxy.up().received()
                        proxy.down().pause()
                        val writing = start { cache.set("k", "v") }
                        eventually("the request is out") { proxy.up().received() > before }
                        proxy.closeAll()
                        val failure = writing.await().shouldFailWith<ConnectionLostException>()
                        failure.delivery() shouldBe Delivery.INDETERMINATE
                        failure.message!! shouldContain "without close_notify"
                    }
                }
            }
        }

        test("F62 a record that was changed on the way ends the connection, not the client") {
            server(good).use { server ->
                FaultProxy.to(server.address()).use { proxy ->
                    secure(proxy.address()).use { cache ->
                        cache.set("k", "v")
                        proxy.down().corrupt(12)
                        val failure = attempt { cache.set("k", "w") }.shouldFailWith<ConnectionLostException>()
                        failure.delivery() shouldBe Delivery.INDETERMINATE
                        proxy.heal()
                        cache.shouldRecover()
                    }
                }
            }
        }

        test("S13 an address by number needs a certificate with that number") {
            server(authority.issue("localhost")).use { refusal(it.address()) shouldContain "is for another host" }
            server(authority.issue("127.0.0.1")).use { server ->
                refusal(ServerAddress("localhost", server.port())) shouldContain "is for another host"
            }
            server(good).use { server ->
                secure(server.address()).use { it.shouldBeInSync() }
                secure(ServerAddress("localhost", server.port())).use { it.shouldBeInSync() }
            }
        }

        for (version in listOf("TLSv1.3", "TLSv1.2")) {
            test("S13 a resumed session was checked for the same host ($version)") {
                val trusting =
                    CountingTrust(authority.trustManagers().filterIsInstance<X509ExtendedTrustManager>().single())
                val counted = Tls.of(CertificateAuthority.context(null, trusting)).protocols(version)
                server(authority.issue("127.0.0.1"), "-o", "ssl_session_cache").use { server ->
                    secure(server.address(), counted).use { cache ->
                        cache.shouldBeInSync()
                        cache.disconnectAll()
                        cache.shouldBeInSync()
                    }
                    trusting.checks.get() shouldBe 1
                    // the same server, and a session of it at hand
                    refusal(ServerAddress("localhost", server.port()), counted) shouldContain "is for another host"
                }
            }
        }

        test("S13 a server that wants a certificate gets the context's") {
            val folder = tempdir().toPath()
            good.write(folder)
            MemcachedServer.with()
                .tlsWithClientCertificates(
                    folder.resolve("chain.pem"),
                    folder.resolve("key.pem"),
                    folder.resolve("authority.pem"),
                ).start()
                .use { server ->
                    secure(server.address(), Tls.of(authority.context(authority.issue("client")))).use {
                        it.shouldBeInSync()
                    }
                    refusal(server.address()) shouldContain "TLS: "
                }
        }

        test("S13 old versions and suites that protect nothing cannot be asked for") {
            for (version in listOf("TLSv1.1", "TLSv1", "SSLv3", "tls")) {
                shouldThrow<IllegalRequestException> { tls.protocols("TLSv1.3", version) }
            }
            shouldThrow<IllegalRequestException> { tls.protocols() }
            for (suite in listOf("TLS_RSA_WITH_NULL_SHA256", "TLS_DH_anon_WITH_AES_128_GCM_SHA256", "none")) {
                shouldThrow<IllegalRequestException> { tls.cipherSuites(suite) }
            }
            for (name in listOf("", "10.0.0.1", "::1", "a b")) {
                shouldThrow<IllegalRequestException> { tls.serverName(name) }
            }
            server(good).use { server ->
                secure(server.address(), tls.cipherSuites("TLS_AES_128_GCM_SHA256")).use { it.shouldBeInSync() }
            }
        }

        test("S14 each connection begins with a TLS handshake, after failures too") {
            server(good).use { server ->
                FaultProxy.to(server.address()).use { proxy ->
                    secure(proxy.address()).use { cache ->
                        cache.shouldBeInSync()
                        proxy.resetAll()
                        cache.shouldRecover()
                        proxy.accept(AcceptMode.CLOSE).closeAll()
                        repeat(5) { attempt { cache.set("secret", "value") } }
                        proxy.heal()
                        cache.forgetDeadServers()
                        cache.shouldRecover()
                        proxy.down().corrupt(3)
                        attempt { cache.set("secret", "value") }.failure!!
                        proxy.heal()
                        cache.forgetDeadServers()
                        cache.shouldRecover()
                        proxy.firstBytes().filter { it.isNotEmpty() }.shouldNotBeEmpty().forEach {
                            it[0].toInt() shouldBe HANDSHAKE
                            it[1].toInt() shouldBe 3
                        }
                        (proxy.accepted() >= 4) shouldBe true
                    }
                }
            }
        }

        test("S14 a server that cannot be reached in TLS is refused when TLS is set") {
            for (address in listOf("udp:127.0.0.1:11211", "/run/memcached.sock")) {
                shouldThrow<IllegalRequestException> {
                    client(ServerAddress.parse("a:1"), ServerAddress.parse(address)) { this.tls = tls }
                }.message!! shouldContain "cannot be reached in TLS"
            }
        }
    }) {
    /** Counts the certificates that were looked at. */
    private class CountingTrust(
        private val checking: X509ExtendedTrustManager,
    ) : X509TrustManager {
        val checks = AtomicInteger()

        override fun checkClientTrusted(chain: Array<X509Certificate>, type: String) = error("no server")

        override fun checkServerTrusted(chain: Array<X509Certificate>, type: String) {
            checks.incrementAndGet()
            checking.checkServerTrusted(chain, type)
        }

        override fun getAcceptedIssuers(): Array<X509Certificate> = checking.acceptedIssuers
    }

    private companion object {
        /** The type of a TLS record (RFC 8446, section 5.1). */
        const val HANDSHAKE = 0x16
    }
}
