package io.cachewire.reliability

import io.cachewire.Protocol
import io.cachewire.fixture.Delivery.hang
import io.cachewire.fixture.Forgery.serverError
import io.cachewire.fixture.HostileServer
import io.cachewire.fixture.MemcachedServer
import io.cachewire.set
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.longs.shouldBeGreaterThanOrEqual
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import kotlin.time.Duration.Companion.seconds

/** What becomes of a request that nobody waits for is counted, and told at a limited rate. */
class FireAndForgetRefusalTest :
    FunSpec({
        for (dialect in listOf(Protocol.META, Protocol.TEXT, Protocol.BINARY)) {
            test("F54 a refused fire-and-forget write is counted and logged, many in one line, $dialect") {
                // its item size is below that of the client
                MemcachedServer.start("-I", "512k").use { server ->
                    client(server.address()) {
                        protocol = dialect
                        requestTimeout = 5.seconds
                    }.use { cache ->
                        val log =
                            logged {
                                repeat(20) { cache.fireAndForget().set("k$it", ByteArray(600_000)) }
                                cache.version()
                                cache.cluster().failedFireAndForget() shouldBe 20
                            }
                        val lines = log.lines().filter { "fire-and-forget" in it }
                        lines.size shouldBe 1
                        lines.single() shouldContain "WARN"
                        lines.single() shouldContain "too large"
                        lines.single() shouldContain server.address().toString()
                    }
                }
            }
        }

        eachDialect("F54 a fire-and-forget write that the server has no memory for is counted") { dialect ->
            HostileServer.start().use { server ->
                server.on(dialect.write, serverError("out of memory storing object"))
                client(server.address()) {
                    protocol = dialect
                    requestTimeout = 5.seconds
                }.use { cache ->
                    cache.fireAndForget().set("k", "v")
                    cache.version()
                    cache.cluster().failedFireAndForget() shouldBe 1
                }
            }
        }

        test("F54 a fire-and-forget write that was queued and lost is counted") {
            HostileServer.start().use { server ->
                server.on("set", hang())
                client(server.address()) {
                    protocol = Protocol.TEXT
                    requestTimeout = 5.seconds
                }.use { cache ->
                    cache.version()
                    repeat(3) { cache.fireAndForget().set("k", "v") }
                    eventually("they are there") { server.count { it.command() == "set" } == 3 }
                    cache.disconnectAll()
                    eventually("they are counted") { cache.cluster().failedFireAndForget() >= 3 }
                    cache.cluster().failedFireAndForget() shouldBeGreaterThanOrEqual 3
                }
            }
        }
    })
