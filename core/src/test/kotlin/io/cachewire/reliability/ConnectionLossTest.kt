package io.cachewire.reliability

import io.cachewire.CasResult
import io.cachewire.ConnectionLostException
import io.cachewire.MemcachedException.Delivery
import io.cachewire.OverloadedException
import io.cachewire.RequestTimeoutException
import io.cachewire.cas
import io.cachewire.fixture.Delivery.closedAfter
import io.cachewire.fixture.Delivery.halfClosed
import io.cachewire.fixture.Delivery.resetAfter
import io.cachewire.fixture.Direction
import io.cachewire.fixture.FaultProxy
import io.cachewire.fixture.Gate
import io.cachewire.fixture.HostileServer
import io.cachewire.fixture.LeakCheck
import io.cachewire.fixture.Lie
import io.cachewire.fixture.MemcachedServer
import io.cachewire.get
import io.cachewire.gets
import io.cachewire.set
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.comparables.shouldBeLessThan
import io.kotest.matchers.ints.shouldBeGreaterThan
import io.kotest.matchers.ints.shouldBeGreaterThanOrEqual
import io.kotest.matchers.ints.shouldBeInRange
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TimeSource

/** Connections that break, at rest and at work, and bounds on what may wait. */
class ConnectionLossTest :
    FunSpec({
        eachFace(
            FACES,
            "F18 a reset with many calls in flight ends them at once, and only reads are repeated",
        ) { face ->
            val inFlight = if (face === BLOCKING) 200 else 1000
            HostileServer.start().use { server ->
                FaultProxy.to(server.address()).use { proxy ->
                    client(proxy.address()) {
                        requestTimeout = 9.seconds
                        stallTimeout = 9.seconds
                    }.use { cache ->
                        server.put("k", 0, "v")
                        (1 until inFlight step 2).forEach { server.put("counter$it", 0, "1") }
                        cache.shouldBeInSync()
                        val before = server.requests().size
                        proxy.down().pause()
                        coroutineScope {
                            val calls =
                                (0 until inFlight).map {
                                    if (it % 2 == 0) {
                                        start { face.get(cache, "k") }
                                    } else {
                                        start { face.step(cache, "counter$it").toString() }
                                    }
                                }
                            eventually("all requests are there") { server.requests().size >= before + inFlight }
                            val reset = TimeSource.Monotonic.markNow()
                            proxy.resetAll()
                            proxy.down().resume()
                            calls.awaitAll().forEachIndexed { i, call ->
                                if (i % 2 == 0) {
                                    call.value shouldBe "v"
                                } else {
                                    val failure = call.shouldFailWith<ConnectionLostException>()
                                    failure.delivery() shouldBe Delivery.INDETERMINATE
                                    server.value("counter$i") shouldBe "2"
                                }
                            }
                            reset.elapsedNow() shouldBeLessThan 100.milliseconds + SLACK
                        }
                        cache.shouldRecover()
                    }
                }
            }
        }

        test("F19 a FIN on an idle connection is noticed, and the next call does not feel it") {
            HostileServer.start().use { server ->
                FaultProxy.to(server.address()).use { proxy ->
                    client(proxy.address()).use { cache ->
                        repeat(5) {
                            cache.shouldBeInSync()
                            val sockets = LeakCheck.openFiles()
                            proxy.closeAll()
                            // the client's, two of the proxy, one of the server
                            eventually("the client closed its socket too") { LeakCheck.openFiles() <= sockets - 4 }
                            attempt { cache.set("k", "v$it") }.failure shouldBe null
                        }
                    }
                }
            }
        }

        test("F20 a FIN that races with calls never fails a read, and never hides a write") {
            HostileServer.start().use { server ->
                FaultProxy.to(server.address()).use { proxy ->
                    client(proxy.address()).use { cache ->
                        server.put("k", 0, "v")
                        repeat(100) { round ->
                            cache.version()
                            coroutineScope {
                                proxy.closeAll()
                                val read = start { cache.get<String>("k") }
                                val write = start { cache.increment("n$round", initial = 1) }
                                read.await().failure shouldBe null
                                read.await().value shouldBe "v"
                                when (val failure = write.await().failure) {
                                    null -> server.value("n$round") shouldBe "1"
                                    else -> failure.delivery() shouldBe Delivery.INDETERMINATE
                                }
                                server.count { it.command() == "ma" && it.key() == "n$round" } shouldBeInRange 0..1
                            }
                        }
                        cache.shouldRecover()
                    }
                }
            }
        }

        eachDialect("F21 a value cut at any byte is an error, never a part of it and never a miss") { dialect ->
            HostileServer.start().put("k", 0, "hello\r\nEND\r\nworld").use { server ->
                client(server.address()) {
                    protocol = dialect
                    failureLimit = 1000 // so many connections are to be lost
                }.use { cache ->
                    for (cut in listOf(::closedAfter, ::resetAfter)) {
                        var length = Int.MAX_VALUE
                        var bytes = 0
                        while (bytes < length) {
                            server.honest().on(
                                dialect.read,
                                Lie { turn ->
                                    // not the same for every reply: the opaque of another connection may be shorter
                                    length = turn.honest().length
                                    cut(minOf(bytes, length - 1)).tell(turn)
                                },
                            )
                            val failure = attempt { cache.get<String>("k") }.shouldFailWith<ConnectionLostException>()
                            failure.delivery() shouldBe Delivery.INDETERMINATE
                            bytes++
                        }
                        length shouldBeGreaterThan 20
                    }
                    server.honest()
                    cache.get<String>("k") shouldBe "hello\r\nEND\r\nworld"
                    cache.shouldRecover()
                }
            }
        }

        eachDialect("F22 a half-closed connection is closed, and what is pending on it fails") { dialect ->
            HostileServer.start().put("k", 0, "v").use { server ->
                FaultProxy.to(server.address()).use { proxy ->
                    client(proxy.address()) {
                        protocol = dialect
                        requestTimeout = 5.seconds
                    }.use { cache ->
                        server.next(dialect.read, halfClosed())
                        cache.get<String>("k") shouldBe "v"
                        eventually("the client closed its half") { server.open() == 0 }
                        cache.shouldRecover()
                        val gate = Gate()
                        server.next(dialect.write, gate)
                        coroutineScope {
                            val write = start { cache.set("w", "1") }
                            gate.awaitRequest()
                            proxy.halfClose(Direction.DOWN)
                            val failure = write.await().shouldFailWith<ConnectionLostException>()
                            failure.delivery() shouldBe Delivery.INDETERMINATE
                            write.await().took shouldBeLessThan 2.seconds
                            gate.open()
                        }
                        cache.shouldRecover()
                    }
                }
            }
        }

        test("F24 a server that is killed and started again is found empty, without help") {
            MemcachedServer.start().use { server ->
                client(server.address()).use { cache ->
                    cache.set("k", "v")
                    val held = cache.gets<String>("k")!!
                    server.kill()
                    many(100) { if (it % 2 == 0) cache.get<String>("k") else cache.set("w$it", "1") }
                        .shouldEndWithin(BOUND)
                        .forEach { (it.failure != null) shouldBe true }
                    server.startAgain()
                    cache.shouldRecover()
                    cache.get<String>("k").shouldBeNull()
                    cache.cas("k", "new", held.cas) shouldBe CasResult.NOT_FOUND
                }
            }
        }

        test("F28 a peer that does not read is met with bounded buffers, and time-outs still fire") {
            HostileServer.start().use { server ->
                FaultProxy.to(server.address()).use { proxy ->
                    client(proxy.address()) {
                        maxPendingBytes = 4 shl 20
                        stallTimeout = 5.seconds
                    }.use { cache ->
                        cache.shouldBeInSync()
                        proxy.up().pause()
                        val value = ByteArray(100_000)
                        val ended = many(1000) { cache.set("k$it", value) }.shouldEndWithin(BOUND)
                        val overloaded = ended.count { it.failure is OverloadedException }
                        val late = ended.count { it.failure is RequestTimeoutException }
                        overloaded + late shouldBe 1000
                        // 4 MiB and one more
                        late shouldBeInRange 30..60
                        proxy.heal()
                        cache.shouldRecover()
                    }
                }
            }
        }

        test("F30 ten thousand calls on a dead server: a bounded queue, the rest overloaded at once") {
            HostileServer.start().use { server ->
                FaultProxy.to(server.address()).use { proxy ->
                    // the queue is what is asked about, not whether the server counts as dead meanwhile
                    client(proxy.address()) {
                        maxPendingRequests = 1000
                        failureLimit = 1000
                    }.use { cache ->
                        cache.shouldBeInSync()
                        proxy.up().drop()
                        val ended = many(10_000) { cache.get<String>("k$it") }.shouldEndWithin(2.seconds)
                        val overloaded = ended.filter { it.failure is OverloadedException }
                        overloaded.size shouldBeGreaterThanOrEqual 5000
                        overloaded.forEach { it.failure!!.delivery() shouldBe Delivery.NOT_SENT }
                        ended.count { it.failure is RequestTimeoutException } shouldBeGreaterThanOrEqual 1000
                        proxy.heal()
                        proxy.resetAll()
                        cache.shouldRecover()
                        many(1000) { cache.withRequestTimeout(5.seconds).get<String>("k$it") }.forEach {
                            it.failure shouldBe null
                        }
                    }
                }
            }
        }
    })
