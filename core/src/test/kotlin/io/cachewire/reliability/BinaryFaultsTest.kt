package io.cachewire.reliability

import io.cachewire.IllegalKeyException
import io.cachewire.MemcachedClient
import io.cachewire.Protocol
import io.cachewire.ProtocolException
import io.cachewire.RequestTimeoutException
import io.cachewire.fixture.BinaryServer
import io.cachewire.fixture.BinaryServer.Packet
import io.cachewire.fixture.FaultProxy
import io.cachewire.fixture.Forgery
import io.cachewire.fixture.MemcachedServer
import io.cachewire.get
import io.cachewire.internal.protocol.BinaryReplies
import io.cachewire.internal.protocol.BinaryReplies.done
import io.cachewire.internal.protocol.BinaryReplies.failure
import io.cachewire.internal.protocol.BinaryReplies.item
import io.cachewire.set
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.comparables.shouldBeLessThan
import io.kotest.matchers.ints.shouldBeLessThan
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldMatch
import io.kotest.matchers.types.shouldBeInstanceOf
import java.io.ByteArrayOutputStream
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.ConcurrentLinkedQueue
import kotlin.time.Duration.Companion.seconds

private const val SET = 0x01
private const val NOOP = 0x0a
private const val VERSION = 0x0b
private const val GETK = 0x0c
private const val STAT = 0x10
private val NOTHING = ByteArray(0)

/** Gets and sets as they should be, until the next packet with an opcode is to be answered with a lie. */
private class Honest : BinaryServer.Script {
    private val items = ConcurrentHashMap<String, ByteArray>()
    private val lies = ConcurrentLinkedQueue<Pair<Int, (Packet) -> ByteArray?>>()

    fun next(code: Int, lie: (Packet) -> ByteArray?) = lies.add(code to lie)

    override fun answer(packet: Packet): ByteArray? {
        val lie = lies.peek()
        return if (lie?.first == packet.code) lies.remove().second(packet) else honest(packet)
    }

    fun honest(packet: Packet): ByteArray = when (packet.code()) {
        NOOP -> {
            done(NOOP, packet.opaque())
        }

        VERSION -> {
            BinaryReplies.to(VERSION, packet.opaque()).value("1.6.18").bytes()
        }

        SET -> {
            items[packet.key()] = packet.value().toByteArray()
            done(SET, packet.opaque())
        }

        GETK -> {
            items[packet.key()]?.let { item(GETK, packet.opaque(), packet.key(), 0, 1, it) }
                ?: failure(GETK, packet.opaque(), 1, "Not found")
        }

        else -> {
            failure(packet.code(), packet.opaque(), 0x81, "Unknown command")
        }
    }

    private val Packet.code get() = code()
}

private suspend fun lying(body: suspend (Honest, BinaryServer, MemcachedClient) -> Unit) {
    val script = Honest()
    BinaryServer.start(script).use { server ->
        client(server.address()) { protocol = Protocol.BINARY }.use { cache ->
            cache.set("k", "hello")
            cache.set("other", "foreign")
            cache.shouldBeInSync()
            body(script, server, cache)
        }
    }
}

/** One false answer to a read: an error in time, no value, no miss; the calls after it are right. */
private suspend fun refuses(mayTimeOut: Boolean = false, lie: (Packet) -> ByteArray?) = lying { script, server, cache ->
    script.next(GETK, lie)
    val ended = attempt { cache.get<String>("k") }
    ended.took shouldBeLessThan BOUND
    if (!mayTimeOut || ended.failure !is RequestTimeoutException) {
        ended.shouldFailWith<ProtocolException>().message!! shouldMatch "[ -~]{1,400}"
        cache.shouldRecover()
        server.accepted() shouldBe 2
    } else {
        cache.shouldRecover()
    }
}

private fun hit(packet: Packet) = BinaryReplies.to(GETK, packet.opaque()).body(ByteArray(4), "k", "hello".toByteArray())

/** The rows about replies, for the binary protocol. */
class BinaryFaultsTest :
    FunSpec({
        test("F37 replies of a real server in slices (BINARY)") {
            MemcachedServer.start().use { server ->
                FaultProxy.to(server.address()).use { proxy ->
                    client(proxy.address()) {
                        protocol = Protocol.BINARY
                        requestTimeout = 9.seconds
                        connectTimeout = 9.seconds
                    }.use { cache ->
                        for (slice in listOf(1, 2, 3, 7, 23, 24, 25, 100)) {
                            proxy.down().slice(slice)
                            proxy.up().slice(slice)
                            cache.shouldBeInSync()
                            cache.stats("settings").values.single().getValue("maxbytes") shouldBe
                                "67108864"
                        }
                    }
                }
            }
        }

        test("F38 many replies in one segment (BINARY)") {
            lying { script, _, cache ->
                val held = ByteArrayOutputStream()
                repeat(49) {
                    script.next(GETK) { packet -> NOTHING.also { held.writeBytes(script.honest(packet)) } }
                }
                script.next(GETK) { packet -> held.also { it.writeBytes(script.honest(packet)) }.toByteArray() }
                many(50) { cache.withRequestTimeout(5.seconds).get<String>(if (it % 2 == 0) "k" else "absent") }
                    .forEachIndexed { i, outcome ->
                        outcome.failure shouldBe null
                        outcome.value shouldBe if (i % 2 == 0) "hello" else null
                    }
                cache.shouldBeInSync()
            }
        }

        test("F39 a reply for another key is no value and no miss (BINARY)") {
            refuses { item(GETK, it.opaque(), "other", 0, 1, "foreign".toByteArray()) }
        }

        test("F40 an opaque that is wrong, never sent or used before (BINARY)") {
            refuses { item(GETK, it.opaque() + 1, "k", 0, 1, "hello".toByteArray()) }
            refuses { item(GETK, it.opaque() - 1, "k", 0, 1, "hello".toByteArray()) }
            refuses { item(GETK, -1, "k", 0, 1, "hello".toByteArray()) }
            refuses { hit(it).with(12, 0xff).bytes() }
            refuses { failure(GETK, it.opaque() + 1, 0x82, "Out of memory") }
        }

        test("F41 replies in the wrong order are seen by their opaque (BINARY)") {
            lying { script, _, cache ->
                var held: ByteArray? = null
                script.next(GETK) { NOTHING.also { _ -> held = script.honest(it) } }
                script.next(GETK) { script.honest(it) + held!! }
                val both = listOf("k", "other")
                many(2) { cache.get<String>(both[it]) }.shouldEndWithin(BOUND).forEach {
                    it.shouldFailWith<ProtocolException>()
                }
                cache.shouldRecover()
            }
        }

        test("F42 a reply that is left out is missed at the next one (BINARY)") {
            lying { script, _, cache ->
                script.next(GETK) { NOTHING }
                many(2) { cache.get<String>("k") }.shouldEndWithin(BOUND).forEach {
                    it.shouldFailWith<ProtocolException>()
                }
                cache.shouldRecover()
            }
        }

        test("F43 a reply that nobody asked for closes the connection (BINARY)") {
            lying { script, server, cache ->
                script.next(GETK) { script.honest(it) + script.honest(it) }
                attempt { cache.get<String>("k") }.value shouldBe "hello"
                cache.shouldRecover()
                server.accepted() shouldBe 2
            }
        }

        test("F44 a declared length that is off (BINARY)") {
            for (length in listOf(9, 8, 6, 5)) {
                lying { script, server, cache ->
                    // the protocol has no end mark: what is too short is only seen at the next header
                    script.next(GETK) { hit(it).bodyLength(length.toLong()).bytes() }
                    attempt { cache.get<String>("k") }.took shouldBeLessThan BOUND
                    cache.shouldRecover()
                    server.accepted() shouldBe 2
                }
            }
            for (length in listOf(11, 12, 100, 100_000)) {
                refuses(mayTimeOut = true) { hit(it).bodyLength(length.toLong()).bytes() }
            }
            refuses { hit(it).keyLength(11).bytes() }
            refuses { hit(it).keyLength(0).bytes() }
            refuses { hit(it).with(4, 5).bytes() }
            refuses { hit(it).with(4, 0).bytes() }
        }

        test("F45 a length that no body can have (BINARY)") {
            for (length in listOf(0L, 4L, 1L shl 31, (1L shl 31) + 5, (1L shl 32) - 1)) {
                refuses { hit(it).bodyLength(length).bytes() }
            }
        }

        test("F46 a giant length is refused at the header (BINARY)") {
            // one more than what is read past
            refuses { hit(it).bodyLength((16L shl 20) + 6).bytes() }
            refuses { failure(GETK, it.opaque(), 0x82, "x".repeat(10_000)) }
            refuses(mayTimeOut = true) { hit(it).bodyLength((16L shl 20) + 5).bytes() }
            refuses(mayTimeOut = true) { hit(it).bodyLength((1L shl 20) + 6).bytes() }
        }

        test("F47 statistics without an end (BINARY)") {
            lying { script, _, cache ->
                script.next(STAT) { packet ->
                    val lines = BinaryReplies.stat(packet.opaque(), "a", "1")
                    ByteArray(lines.size * 100_001) { lines[it % lines.size] }
                }
                val failure = attempt { cache.withRequestTimeout(5.seconds).stats() }.failure!!
                failure.cause.shouldBeInstanceOf<ProtocolException>()
                cache.shouldRecover()
            }
        }

        test("F48 headers that are nearly right (BINARY)") {
            refuses { hit(it).with(0, 0x80).bytes() }
            refuses { hit(it).with(5, 1).bytes() }
            refuses { hit(it).with(1, 0x00).bytes() }
            refuses { hit(it).with(1, 0x23).bytes() }
            refuses { done(SET, it.opaque()) }
            refuses { done(NOOP, it.opaque()) }
        }

        test("F49 what is not memcached at all (BINARY)") {
            for (bytes in listOf(
                Forgery.HTTP,
                Forgery.TLS_ALERT,
                "ERROR\r\n",
                "VALUE k 0 5\r\nhello\r\nEND\r\n",
                "HD\r\n",
                "\u0000".repeat(24),
                "\u0080" + "\u0000".repeat(23),
                "\u001b[31mred\u0007" + "y".repeat(5000),
            )) {
                refuses { bytes.toByteArray(Charsets.ISO_8859_1) }
            }
            lying { script, _, cache ->
                script.next(GETK) { ("\u001bBAD" + "y".repeat(5000)).toByteArray() }
                val message = attempt { cache.get<String>("k") }.shouldFailWith<ProtocolException>().message!!
                message.contains("\\u001bBAD") shouldBe true
                message.count { it == 'y' } shouldBeLessThan 70
            }
        }

        test("F58 the answer to a write is not taken for that to a read, nor the other way round (BINARY)") {
            for (code in listOf(0x02, 0x03, 0x04, 0x05, 0x08, 0x1c)) {
                refuses { done(code, it.opaque()) }
                lying { script, _, cache ->
                    script.next(SET) { BinaryReplies.to(SET, it.opaque()).with(1, code).bytes() }
                    attempt { cache.set("k", "v") }.shouldFailWith<ProtocolException>()
                    cache.shouldRecover()
                }
            }
        }

        test("F63 a server that does not speak binary is told once and clearly") {
            MemcachedServer.start("-B", "ascii").use { server ->
                client(server.address()) { protocol = Protocol.BINARY }.use { cache ->
                    val message = attempt { cache.get<String>("k") }.failure.shouldNotBeNull().message!!
                    message.contains("not the magic of a binary reply: \"ERROR") shouldBe true
                }
            }
        }

        test("S04 the dialect of one client switches off no check of another") {
            MemcachedServer.start("-vv").use { server ->
                val clients =
                    listOf(Protocol.BINARY, Protocol.TEXT, Protocol.META).map { dialect ->
                        client(server.address()) { protocol = dialect }
                    }
                clients.forEach { it.version() }
                for (key in listOf("a b", "a\r\nb", "\u0000", "k".repeat(251), "")) {
                    for (cache in clients + clients.reversed()) {
                        attempt { cache.set(key, "v") }.shouldFailWith<IllegalKeyException>()
                        attempt { cache.get<String>(key) }.shouldFailWith<IllegalKeyException>()
                    }
                }
                clients.forEach { it.shouldBeInSync() }
                // two for each call and client, and one each of the greetings in meta and in text
                clients[0].stats().values.single().getValue("cmd_set") shouldBe "122"
                clients.forEach { it.close() }
            }
        }
    })
