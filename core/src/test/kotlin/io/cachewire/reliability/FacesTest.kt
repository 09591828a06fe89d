package io.cachewire.reliability

import io.cachewire.ConnectionLostException
import io.cachewire.MemcachedClient
import io.cachewire.MemcachedException.Delivery
import io.cachewire.Protocol
import io.cachewire.ProtocolException
import io.cachewire.RequestTimeoutException
import io.cachewire.SerdeException
import io.cachewire.ServerAddress
import io.cachewire.ServerErrorException
import io.cachewire.ValueType
import io.cachewire.fixture.AcceptMode
import io.cachewire.fixture.Delivery.hang
import io.cachewire.fixture.FaultProxy
import io.cachewire.fixture.Forgery
import io.cachewire.fixture.HostileServer
import io.cachewire.fixture.Zeros
import io.cachewire.get
import io.cachewire.set
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.comparables.shouldBeLessThan
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.future.await
import kotlinx.coroutines.withContext
import java.net.Socket
import java.util.concurrent.Executors
import kotlin.time.Duration.Companion.seconds

/** Rows whose other tests call by coroutines, by threads and by futures too; and values that no face may take for what they are not. */
class FacesTest :
    FunSpec({
        val others = listOf(BLOCKING, ASYNC)

        eachFace(others, "F14 a refused connection fails the call at once and names the server") { face ->
            HostileServer.start().use { server ->
                FaultProxy.to(server.address()).use { proxy ->
                    proxy.accept(AcceptMode.REFUSE)
                    client(proxy.address()) { requestTimeout = 10.seconds }.use { cache ->
                        val refused = attempt { face.get(cache, "k") }
                        val failure = refused.shouldFailWith<ConnectionLostException>()
                        failure.delivery() shouldBe Delivery.NOT_SENT
                        failure.message!! shouldContain "127.0.0.1:${proxy.port()}"
                        refused.took shouldBeLessThan SLACK
                        proxy.heal()
                        cache.shouldRecover()
                    }
                }
            }
        }

        eachFace(others, "F39 a reply for another key is no value and no miss") { face ->
            HostileServer.start().put("k", 0, "hello").use { server ->
                client(server.address()) { protocol = Protocol.TEXT }.use { cache ->
                    cache.shouldBeInSync()
                    server.next("get", Forgery.wrongKey())
                    attempt { face.get(cache, "k") }.shouldFailWith<ProtocolException>()
                    server.honest()
                    cache.shouldRecover()
                    face.get(cache, "k") shouldBe "hello"
                }
            }
        }

        eachFace(others, "F50 out of memory for one of a hundred writes fails that one") { face ->
            HostileServer.start().use { server ->
                client(server.address()) { requestTimeout = 5.seconds }.use { cache ->
                    cache.shouldBeInSync()
                    server.nth(50, { it.key().startsWith("k") }, Forgery.serverError("out of memory storing object"))
                    val failed = many(100) { face.set(cache, "k$it", "v$it") }.filter { it.failure != null }
                    val failure = failed.single().shouldFailWith<ServerErrorException>()
                    failure.isRetryable shouldBe true
                    failure.delivery() shouldBe Delivery.ANSWERED
                    cache.shouldBeInSync()
                    server.accepted() shouldBe 1
                }
            }
        }

        eachFace(others, "F60 a lost reply to a step is indeterminate, and nothing is sent again") { face ->
            HostileServer.start().put("k", 0, "10").use { server ->
                client(server.address()) { protocol = Protocol.META }.use { cache ->
                    cache.shouldBeInSync()
                    server.next("ma") { turn ->
                        turn.honest()
                        turn.reset()
                    }
                    attempt { face.step(cache, "k") }.shouldFailWith<ConnectionLostException>().delivery() shouldBe
                        Delivery.INDETERMINATE
                    server.next("ma", hang())
                    attempt { face.step(cache, "k") }.shouldFailWith<RequestTimeoutException>().delivery() shouldBe
                        Delivery.INDETERMINATE
                    server.count { it.command() == "ma" } shouldBe 2
                    server.honest()
                    cache.shouldRecover()
                }
            }
        }

        eachFace(others, "F63 a server that does not speak meta is told clearly, and no key is sent") { face ->
            HostileServer.start().use { server ->
                server.on({ it.isMeta }, Forgery.error())
                client(server.address()) { protocol = Protocol.META }.use { cache ->
                    many(20) { face.get(cache, "k$it") }.shouldEndWithin(BOUND).forEach {
                        it.failure.shouldNotBeNull().message!! shouldContain "does not speak the meta dialect"
                    }
                    server.count { it.command() == "mg" } shouldBe 0
                }
            }
        }

        eachFace(FACES, "S09 unknown flags are a typed error that names them, and the bytes stay readable") { face ->
            HostileServer.start().put("k", 0x7000, "of another client").use { server ->
                client(server.address()).use { cache ->
                    val failure = attempt { face.get(cache, "k") }.shouldFailWith<SerdeException>()
                    failure.reason() shouldBe SerdeException.Reason.UNKNOWN_FLAGS
                    failure.message!! shouldContain "0x7000"
                    face.bytes(cache, "k")!!.decodeToString() shouldBe "of another client"
                    cache.shouldBeInSync()
                    server.accepted() shouldBe 1
                }
            }
        }

        eachFace(FACES, "S11 what would inflate beyond the limit is refused, and the connection stays") { face ->
            HostileServer.start().use { server ->
                store(server.address(), "bomb", ZLIB, Zeros.zlib(64 shl 20))
                store(server.address(), "cut", ZLIB, Zeros.zlib(1000).let { it.copyOf(it.size - 1) })
                client(server.address()) { requestTimeout = 5.seconds }.use { cache ->
                    cache.shouldBeInSync()
                    for ((key, reason) in mapOf(
                        "bomb" to SerdeException.Reason.LIMIT,
                        "cut" to SerdeException.Reason.DECODE,
                    )) {
                        attempt { face.get(cache, key) }.shouldFailWith<SerdeException>().reason() shouldBe reason
                        attempt { face.bytes(cache, key) }.shouldFailWith<SerdeException>().reason() shouldBe reason
                    }
                    cache.shouldBeInSync()
                }
            }
        }
    })

private const val ZLIB = 0x100

/** Stores bytes as another client would. */
private fun store(server: ServerAddress, key: String, flags: Int, bytes: ByteArray) {
    Socket(server.host(), server.port()).use { socket ->
        socket.getOutputStream().write(
            "set $key $flags 0 ${bytes.size}\r\n".toByteArray() + bytes + "\r\n".toByteArray(),
        )
        socket.getInputStream().readNBytes(8).decodeToString() shouldBe "STORED\r\n"
    }
}
