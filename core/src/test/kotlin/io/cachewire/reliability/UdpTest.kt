package io.cachewire.reliability

import io.cachewire.CasResult
import io.cachewire.ConnectionLostException
import io.cachewire.MemcachedException
import io.cachewire.MemcachedException.Delivery
import io.cachewire.Protocol
import io.cachewire.ProtocolException
import io.cachewire.RequestTimeoutException
import io.cachewire.ServerAddress
import io.cachewire.admin.WatchLog
import io.cachewire.cas
import io.cachewire.fixture.HostileUdp
import io.cachewire.fixture.MemcachedServer
import io.cachewire.get
import io.cachewire.getAll
import io.cachewire.gets
import io.cachewire.set
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.comparables.shouldBeLessThan
import io.kotest.matchers.ints.shouldBeGreaterThan
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldMatch
import io.kotest.matchers.types.shouldBeInstanceOf
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.withTimeout
import java.net.DatagramPacket
import java.net.DatagramSocket
import java.net.InetAddress
import java.util.concurrent.atomic.AtomicReference
import kotlin.time.Duration
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.seconds

/** Requests over UDP, through networks and servers that lose, repeat and forge. */
class UdpTest :
    FunSpec({
        fun frame(id: Int, sequence: Int, total: Int, content: String, reserved: Int = 0) =
            HostileUdp.frame(id, sequence, total, reserved, content)

        /** A server that answers the greeting and then does what a test says with each request. */
        suspend fun against(answer: HostileUdp.Answer, body: suspend (HostileUdp, ServerAddress) -> Unit) =
            HostileUdp.start(answer).use { body(it, it.address()) }

        /** What a call gets when the datagrams made of its opaque and id come as a reply. */
        suspend fun reading(
            patience: Duration = 5.seconds,
            datagrams: (id: Int, opaque: String) -> List<ByteArray>,
        ): Outcome<String?> {
            var result: Outcome<String?>? = null
            against({ id, request -> datagrams(id, HostileUdp.opaqueOf(request)) }) { _, address ->
                client(address) {
                    protocol = Protocol.META
                    requestTimeout = patience
                    connectTimeout = 5.seconds
                }.use { cache -> result = attempt { cache.get<String>("k") } }
            }
            return result!!
        }

        for (wanted in listOf(Protocol.AUTO, Protocol.META)) {
            test("F64 calls pass, with replies of many datagrams ($wanted)") {
                MemcachedServer.with().onUdp().start().use { server ->
                    client(server.udpAddress()) {
                        protocol = wanted
                        requestTimeout = 5.seconds
                        connectTimeout = 5.seconds
                    }.use { cache ->
                        cache.set("k", "v")
                        cache.get<String>("k") shouldBe "v"
                        cache.cas("k", "w", cache.gets<String>("k")!!.cas) shouldBe CasResult.STORED
                        cache.stats("settings").values.single()["tcpport"].isNullOrEmpty() shouldBe false
                        client(server.address()) {
                            requestTimeout = 5.seconds
                        }.use { tcp -> tcp.set("large", "x".repeat(20_000)) }
                        cache.get<String>("large") shouldBe "x".repeat(20_000)
                        cache.getAll<String>(List(300) { "none-$it" } + "k") shouldBe mapOf("k" to "w")
                        cache.shouldBeInSync()
                    }
                }
            }
        }

        test("F64 without a choice of the user's every datagram is in text") {
            against({ id, _ -> listOf(frame(id, 0, 1, "STORED\r\n")) }) { server, address ->
                client(address) {
                    requestTimeout = 5.seconds
                    connectTimeout = 5.seconds
                }.use { cache -> cache.set("k", "flush_all") }
                server.requests().single() shouldMatch Regex("set k \\d+ 0 9\r\nflush_all\r\n")
            }
        }

        test("F64 no data block is sent in the meta protocol to a server that does not prove it") {
            val answers =
                listOf<(String) -> String>(
                    { if (it.startsWith("ms")) "CLIENT_ERROR invalid flag\r\n" else "EN\r\n" }, // 1.6.9
                    { if (it.startsWith("ms")) "NS ${HostileUdp.opaqueOf(it)}\r\n" else "EN\r\n" }, // 1.6.17
                    { if (it.startsWith("ms")) "NS O1\r\n" else "EN ${HostileUdp.opaqueOf(it)}\r\n" },
                    { "ERROR\r\n" },
                )
            for (answer in answers) {
                HostileUdp.start({ _, _ -> emptyList() }, { id, request ->
                    listOf(frame(id, 0, 1, answer(request)))
                }).use { server ->
                    client(server.address()) {
                        protocol = Protocol.META
                        requestTimeout = 3.seconds
                        connectTimeout = 1.seconds
                    }.use { cache ->
                        attempt { cache.set("k", "flush_all") }.failure.shouldBeInstanceOf<MemcachedException>()
                    }
                    server.requests() shouldBe emptyList()
                }
            }
        }

        test("F64 the meta protocol is proven again after a reply was lost") {
            var isOld = false
            HostileUdp.start({ _, _ ->
                isOld = true
                emptyList()
            }, { id, request ->
                val answer =
                    when {
                        isOld -> if (request.startsWith("ms")) "CLIENT_ERROR invalid flag\r\n" else "EN\r\n"
                        request.startsWith("mg") -> "EN ${HostileUdp.opaqueOf(request)}\r\n"
                        else -> "NS ${HostileUdp.opaqueOf(request)}\r\n"
                    }
                listOf(frame(id, 0, 1, answer))
            }).use { server ->
                client(server.address()) {
                    protocol = Protocol.META
                    requestTimeout = 1.seconds
                    connectTimeout = 1.seconds
                    stallTimeout = 10.seconds
                }.use { cache ->
                    attempt { cache.get<String>("k") }.shouldFailWith<RequestTimeoutException>()
                    attempt { cache.set("k", "flush_all") }.failure.shouldBeInstanceOf<MemcachedException>()
                    server.requests().none { "flush_all" in it } shouldBe true
                }
            }
        }

        test("F64 streams and commands on a connection of their own are refused, and nothing is opened") {
            MemcachedServer.with().onUdp().start().use { server ->
                suspend fun connections() = client(server.address()) { requestTimeout = 5.seconds }.use {
                    it.stats().values.single().getValue("total_connections").toInt()
                }
                client(server.udpAddress()) { requestTimeout = 5.seconds }.use { cache ->
                    val at = server.udpAddress()
                    val before = connections()
                    val calls =
                        mapOf<String, suspend () -> Any>(
                            "lru_crawler" to { cache.admin().metadump(at).toList() },
                            "watch" to { cache.admin().watch(at, setOf(WatchLog.MUTATIONS)).toList() },
                            "cache_memlimit" to { cache.admin().command(at, "cache_memlimit 64") },
                        )
                    for ((verb, call) in calls) {
                        val failure = attempt { call() }.shouldFailWith<ProtocolException>()
                        failure.delivery() shouldBe Delivery.NOT_SENT
                        failure.message!! shouldContain "there is no connection for \"$verb\""
                        failure.message!! shouldContain at.toString()
                    }
                    connections() shouldBe before + 1
                }
            }
        }

        test("F64 a lost request or reply is a time-out in time, and is not sent again") {
            against({ _, _ -> emptyList() }) { server, address ->
                client(address).use { cache ->
                    val write = attempt { cache.set("k", "v") }
                    write.shouldFailWith<RequestTimeoutException>().delivery() shouldBe Delivery.INDETERMINATE
                    write.took shouldBeLessThan BOUND + SLACK
                    server.requests().count { "v\r\n" in it } shouldBe 1
                }
            }
        }

        test("F64 datagrams of one reply in any order, some of them twice, make one value") {
            reading { id, o ->
                listOf(
                    frame(id, 2, 3, "\r\n"),
                    frame(id, 0, 3, "VA 5 f1 $o\r\nhe"),
                    frame(id, 2, 3, "\r\n"),
                    frame(id, 0, 3, "VA 5 f1 $o\r\nXX"),
                    frame(id, 1, 3, "llo"),
                )
            }.let {
                it.failure shouldBe null
                it.value shouldBe "hello"
            }
        }

        test("F64 what is no reply to the request is dropped, and the reply behind it is taken") {
            val reply = { id: Int, o: String -> frame(id, 0, 1, "VA 4 f1 $o\r\ngood\r\n") }
            for (noise in listOf<(Int, String) -> ByteArray>(
                { id, o -> frame(id + 1, 0, 1, "VA 3 f1 $o\r\nbad\r\n") }, // nobody's id
                { id, o -> frame(id, 1, 1, "VA 3 f1 $o\r\nbad\r\n") }, // number beyond the total
                { id, o -> frame(id, 0, 0, "VA 3 f1 $o\r\nbad\r\n") },
                { id, o -> frame(id, 0, 1, "VA 3 f1 $o\r\nbad\r\n", reserved = 1) },
                { id, _ -> frame(id, 0, 1, "VA 3 f1 O123456\r\nbad\r\n") }, // another request's opaque
                { id, _ -> frame(id, 0, 1, "STORED\r\n") },
                { id, _ -> frame(id, 0, 1, "VA 99 f1") }, // not whole
                { id, o -> frame(id, 0, 1, "VA 3 f1 $o\r\nbad\r\nEN $o\r\n") }, // two
                { id, _ -> frame(id, 0, 1, "") },
                { id, _ -> frame(id, 0, 1, "").copyOf(5) },
                { _, _ -> ByteArray(0) },
            )) {
                val outcome = reading { id, o -> listOf(noise(id, o), reply(id, o)) }
                outcome.failure shouldBe null
                outcome.value shouldBe "good"
            }
        }

        test("F64 a reply that announces 65535 datagrams takes what has come, and ends in time") {
            val outcome = reading(1.seconds) { id, o -> List(50) { frame(id, it, 65535, "VA 9999999 f1 $o\r\n") } }
            outcome.shouldFailWith<RequestTimeoutException>().delivery() shouldBe Delivery.INDETERMINATE
        }

        test("F64 a late reply to a request that timed out is nobody's") {
            var late: ByteArray? = null
            against({ id, request ->
                if (late == null) {
                    late = frame(id, 0, 1, "VA 3 f1 ${HostileUdp.opaqueOf(request)}\r\nold\r\n")
                    emptyList()
                } else {
                    listOf(late, frame(id, 0, 1, "VA 3 f1 ${HostileUdp.opaqueOf(request)}\r\nnew\r\n"))
                }
            }) { _, address ->
                client(address) {
                    protocol = Protocol.META
                    requestTimeout = 2.seconds
                }.use { cache ->
                    attempt { cache.get<String>("k") }.shouldFailWith<RequestTimeoutException>()
                    cache.get<String>("k") shouldBe "new"
                }
            }
        }

        test("F64 a request longer than a datagram is refused here") {
            MemcachedServer.with().onUdp().start().use { server ->
                client(server.udpAddress()) {
                    requestTimeout = 5.seconds
                    connectTimeout = 5.seconds
                }.use { cache ->
                    cache.get<String>("k").shouldBeNull()
                    val refused = attempt { cache.set("k", "x".repeat(1400)) }.shouldFailWith<ProtocolException>()
                    refused.delivery() shouldBe Delivery.NOT_SENT
                    refused.message!! shouldContain "does not fit into a datagram"
                    cache.set("k", "x".repeat(1300))
                    cache.get<String>("k") shouldBe "x".repeat(1300)
                }
            }
        }

        test("F64 a refused port is known at once, and the server is found when it is back") {
            MemcachedServer.with().onUdp().start().use { server ->
                client(server.udpAddress()) {
                    requestTimeout = 5.seconds
                    connectTimeout = 5.seconds
                }.use { cache ->
                    cache.shouldBeInSync()
                    server.kill()
                    val outcome = attempt { cache.set("k", "v") }
                    outcome.shouldFailWith<ConnectionLostException>()
                    outcome.took shouldBeLessThan 4.seconds
                    server.startAgain()
                    cache.shouldRecover()
                }
            }
        }

        test("F64 no more than a window of requests is in flight") {
            against({ _, _ -> emptyList() }) { server, address ->
                client(address) {
                    requestTimeout = 3.seconds
                    stallTimeout = 10.seconds
                }.use { cache ->
                    coroutineScope {
                        val calls = List(300) { start { cache.get<String>("k$it") } }
                        eventually("a window is full") { server.requests().size >= 64 }
                        server.requests().size shouldBe 64
                        calls.forEach { it.await().shouldFailWith<RequestTimeoutException>() }
                    }
                }
            }
        }

        test("S21 a reply from another port is dropped by the kernel") {
            DatagramSocket(0, InetAddress.getByAddress(byteArrayOf(127, 0, 0, 1))).use { other ->
                val started = AtomicReference<HostileUdp>()
                val server =
                    HostileUdp.start { id, request ->
                        val forged = frame(id, 0, 1, "VA 6 f1 ${HostileUdp.opaqueOf(request)}\r\nforged\r\n")
                        other.send(DatagramPacket(forged, forged.size, started.get().client()))
                        emptyList()
                    }
                started.set(server)
                server.use {
                    client(it.address()) { protocol = Protocol.META }.use { cache ->
                        attempt { cache.get<String>("k") }.shouldFailWith<RequestTimeoutException>()
                    }
                }
            }
        }

        test("S21 ids begin at random and go up by one") {
            val firsts =
                List(4) {
                    var ids = emptyList<Int>()
                    against({ id, request ->
                        listOf(frame(id, 0, 1, "EN ${HostileUdp.opaqueOf(request)}\r\n"))
                    }) { server, at ->
                        client(at) {
                            protocol = Protocol.META
                            requestTimeout = 5.seconds
                        }.use { cache -> repeat(3) { cache.get<String>("k") } }
                        ids = server.ids().distinct()
                    }
                    ids.zipWithNext { a, b -> (b - a) and 0xffff }.distinct() shouldBe listOf(1)
                    ids.first()
                }
            firsts.distinct().size shouldBeGreaterThan 1
        }

        test("S21 UDP is used when the address says so, and not otherwise") {
            ServerAddress.parse("udp:h").transport() shouldBe ServerAddress.Transport.UDP
            listOf("h", "h:11211", "udp-1:11211").map { ServerAddress.parse(it).transport() }.distinct() shouldBe
                listOf(ServerAddress.Transport.TCP)
            against({ _, _ -> emptyList() }) { server, address ->
                client(ServerAddress("127.0.0.1", address.port())) { requestTimeout = 5.seconds }.use { cache ->
                    attempt { cache.get<String>("k") }.shouldFailWith<ConnectionLostException>()
                    server.requests() shouldBe emptyList()
                }
            }
        }

        test("F64 an id is free when its call has ended, however long that might have taken") {
            MemcachedServer.with().onUdp().start().use { server ->
                client(server.udpAddress()) {
                    requestTimeout = 5.seconds
                    connectTimeout = 5.seconds
                }.use { cache ->
                    cache.set("k", "v")
                    cache.withRequestTimeout(1.hours).get<String>("k") shouldBe "v"
                    repeat(66) { round ->
                        many(1000) { cache.get<String>("k") }.forEach {
                            if (it.failure != null) it.shouldFailWith<RequestTimeoutException>()
                        }
                        if (round == 65) cache.get<String>("k") shouldBe "v"
                    }
                }
            }
        }

        test("F64 calls whose callers let go do not keep others from being sent") {
            against({ id, request ->
                val isHeld = request.startsWith("mg held")
                if (isHeld) emptyList() else listOf(frame(id, 0, 1, "EN ${HostileUdp.opaqueOf(request)}\r\n"))
            }) { server, address ->
                client(address) {
                    protocol = Protocol.META
                    requestTimeout = 1.hours
                    connectTimeout = 5.seconds
                }.use { cache ->
                    coroutineScope {
                        val held = List(64) { async(Dispatchers.Default) { cache.get<String>("held-$it") } }
                        eventually("all are sent") { server.requests().size == 64 }
                        held.forEach { it.cancelAndJoin() }
                        withTimeout(HANG) { cache.get<String>("k") }.shouldBeNull()
                    }
                }
            }
        }
    })
