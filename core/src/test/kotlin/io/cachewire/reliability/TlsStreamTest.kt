package io.cachewire.reliability

import io.cachewire.ConnectionLostException
import io.cachewire.MemcachedException.Delivery
import io.cachewire.ServerAddress
import io.cachewire.Tls
import io.cachewire.fixture.CertificateAuthority
import io.cachewire.fixture.FaultProxy
import io.cachewire.fixture.MemcachedServer
import io.cachewire.fixture.TlsFront
import io.cachewire.get
import io.cachewire.set
import io.kotest.core.spec.style.FunSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.collections.shouldBeIn
import io.kotest.matchers.collections.shouldHaveAtLeastSize
import io.kotest.matchers.ints.shouldBeGreaterThan
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import kotlin.time.Duration.Companion.seconds

/** What happens on a TLS stream after its handshake. */
class TlsStreamTest :
    FunSpec({
        val authority = CertificateAuthority()
        val good = authority.issue("localhost", "127.0.0.1")
        val serving = authority.context(good)
        val tls = Tls.of(authority.context())
        val patient = 10.seconds
        val server = MemcachedServer.start()
        afterSpec { server.close() }

        fun secure(vararg addresses: ServerAddress) = client(*addresses) {
            this.tls = tls
            requestTimeout = patient
            connectTimeout = patient
            stallTimeout = patient
        }

        test("S13 new keys of TLS 1.3 are followed, and the connection stays") {
            TlsFront.to(server.address(), serving, "TLSv1.3").use { front ->
                secure(front.address()).use { cache ->
                    val large = ByteArray(500_000) { (it * 31).toByte() }
                    repeat(5) {
                        cache.set("large", large)
                        front.handshakeAgain()
                        cache.get<ByteArray>("large")!!.contentEquals(large) shouldBe true
                        cache.shouldBeInSync()
                    }
                    front.accepted() shouldBe 1
                }
            }
        }

        test("S12 a server that changes keys without end and sends nothing loses the connection, not our memory") {
            TlsFront.to(server.address(), serving, "TLSv1.3").use { front ->
                secure(front.address()).use { cache ->
                    cache.shouldBeInSync()
                    repeat(50) { front.handshakeAgain() }
                    cache.shouldBeInSync()
                    front.accepted() shouldBe 1
                    repeat(70) { front.handshakeAgain() }
                    eventually("the client has left") { front.open() == 0 }
                    cache.shouldRecover()
                    front.accepted() shouldBe 2
                }
            }
        }

        test("S13 another handshake is refused in TLS 1.2: the connection ends, and calls say what is known") {
            TlsFront.to(server.address(), serving, "TLSv1.2").use { front ->
                secure(front.address()).use { cache ->
                    cache.shouldBeInSync()
                    front.hold()
                    val writing = start { cache.set("k", "v") }
                    eventually("the reply is held") { front.held() > 0 }
                    front.handshakeAgain()
                    val failure = writing.await().shouldFailWith<ConnectionLostException>()
                    failure.delivery() shouldBe Delivery.INDETERMINATE
                    failure.message!! shouldContain "another TLS handshake, which is refused"
                    front.release()
                    cache.shouldRecover()
                    front.accepted() shouldBeGreaterThan 1
                }
            }
        }

        for (version in listOf("TLSv1.3", "TLSv1.2")) {
            test("F62 a client that is closed says close_notify ($version)") {
                TlsFront.to(server.address(), serving, version).use { front ->
                    FaultProxy.to(front.address()).noting(KEPT).use { proxy ->
                        secure(proxy.address()).use { it.shouldBeInSync() }
                        eventually("the end of the stream") { proxy.open() == 0 }
                        val (type, length) = proxy.firstBytes().single().records().last()
                        // in TLS 1.3 an alert is two bytes and its type, padded or not, and encrypted
                        if (version ==
                            "TLSv1.2"
                        ) {
                            type shouldBe ALERT
                        } else {
                            length shouldBeIn listOf(3 + TAG, 3 + 2 * TAG)
                        }
                    }
                }
            }

            test("F62 the server's close_notify is the end of the connection, and no cut ($version)") {
                TlsFront.to(server.address(), serving, version).use { front ->
                    secure(front.address()).use { cache ->
                        cache.shouldBeInSync()
                        front.hold()
                        val writing = start { cache.set("k", "v") }
                        eventually("the reply is held") { front.held() > 0 }
                        front.sayGoodbye()
                        val failure = writing.await().shouldFailWith<ConnectionLostException>()
                        failure.delivery() shouldBe Delivery.INDETERMINATE
                        failure.message!! shouldNotContain "without close_notify"
                        front.release()
                        cache.shouldRecover()
                    }
                }
            }
        }

        test("S14 every byte is in a TLS record, after failures and for servers that come later too") {
            val folder = tempdir().toPath()
            good.write(folder)
            fun real() = MemcachedServer.with().tls(folder.resolve("chain.pem"), folder.resolve("key.pem")).start()
            real().use { one ->
                real().use { two ->
                    FaultProxy.to(one.address()).noting(KEPT).use { first ->
                        FaultProxy.to(two.address()).noting(KEPT).use { second ->
                            secure(first.address()).use { cache ->
                                cache.shouldBeInSync()
                                many(20) { cache.set("key-$it", "value of ${"x".repeat(it * 1000)}") }
                                first.resetAll()
                                cache.shouldRecover()
                                first.down().corrupt(3)
                                attempt { cache.set("secret", "value") }.failure!!
                                first.heal()
                                cache.forgetDeadServers()
                                cache.shouldRecover()
                                cache.cluster().setServers(listOf(first.address(), second.address()))
                                many(50) { cache.set("key-$it", "value") }.forEach { it.failure shouldBe null }
                                second.closeAll()
                                attempt { many(50) { cache.set("key-$it", "value") } }
                            }
                            val streams = (first.firstBytes() + second.firstBytes()).filter { it.isNotEmpty() }
                            streams shouldHaveAtLeastSize 4
                            second.firstBytes().count { it.isNotEmpty() } shouldBeGreaterThan 0
                            streams.forEach { it.records() }
                        }
                    }
                }
            }
        }
    }) {
    private companion object {
        const val KEPT = 1 shl 20

        /** Types of TLS records (RFC 8446, section 5.1). */
        val TYPES = listOf(20, 21, 22, 23)
        const val ALERT = 21
        const val HEADER = 5

        /** What the ciphers of TLS 1.3 add, and what the JDK pads records with. */
        const val TAG = 16

        /** Types and lengths, record after record up to the end, where one may have been cut. */
        fun ByteArray.records(): List<Pair<Int, Int>> = buildList {
            var at = 0
            while (at + HEADER <= this@records.size) {
                val type = this@records[at].toInt()
                type shouldBeIn TYPES
                this@records[at + 1].toInt() shouldBe 3
                val length =
                    ((this@records[at + 3].toInt() and 0xff) shl 8) + (this@records[at + 4].toInt() and 0xff)
                add(type to length)
                at += HEADER + length
            }
        }
    }
}
