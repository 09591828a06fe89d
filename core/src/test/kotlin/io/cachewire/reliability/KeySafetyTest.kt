package io.cachewire.reliability

import io.cachewire.Expiry
import io.cachewire.IllegalKeyException
import io.cachewire.IllegalKeyException.Reason
import io.cachewire.IllegalRequestException
import io.cachewire.Key
import io.cachewire.KeyEncoding
import io.cachewire.MemcachedClient
import io.cachewire.Protocol
import io.cachewire.add
import io.cachewire.cas
import io.cachewire.fixture.HostileServer
import io.cachewire.fixture.MemcachedServer
import io.cachewire.get
import io.cachewire.getAll
import io.cachewire.getAndTouch
import io.cachewire.gets
import io.cachewire.item
import io.cachewire.replace
import io.cachewire.set
import io.cachewire.setAll
import io.cachewire.update
import io.cachewire.valueType
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.assertions.throwables.shouldThrowAny
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import kotlin.time.Duration.Companion.minutes
import kotlin.time.toJavaDuration

private const val LONGEST = 250

/** Every way in which a key gets to the wire. */
private val entries: Map<String, suspend (MemcachedClient, CharSequence) -> Any?> =
    mapOf(
        "get" to { c, k -> c.get<String>(k) },
        "gets" to { c, k -> c.gets<String>(k) },
        "item" to { c, k -> c.item<String>(k) },
        "getAndTouch" to { c, k -> c.getAndTouch<String>(k, 1.minutes) },
        "getAll" to { c, k -> c.getAll(List(50) { Key("a$it") } + Key(k.toString()) + Key("z"), valueType<String>()) },
        "getAll by name" to { c, k -> c.getAll<String, Int>(listOf(1, 2)) { if (it == 1) "fine" else k } },
        "getsAll" to { c, k -> c.getsAll(listOf(Key("a"), Key(k.toString())), valueType<String>()) },
        "set" to { c, k -> c.set(k, "v") },
        "add" to { c, k -> c.add(k, "v") },
        "replace" to { c, k -> c.replace(k, "v") },
        "append" to { c, k -> c.append(k, "v") },
        "prepend" to { c, k -> c.prepend(k, "v") },
        "cas" to { c, k -> c.cas(k, "v", 1) },
        "update" to { c, k -> c.update<String>(k) { "v" } },
        "setAll" to { c, k -> c.setAll(mapOf("a" to "v", k.toString() to "v")) },
        "delete" to { c, k -> c.delete(k) },
        "deleteAll" to { c, k -> c.deleteAll(listOf("a", k.toString(), "b")) },
        "markStale" to { c, k -> c.markStale(k, 1.minutes) },
        "increment" to { c, k -> c.increment(k) },
        "decrement" to { c, k -> c.decrement(k) },
        "touch" to { c, k -> c.touch(k, Expiry.after(1.minutes.toJavaDuration())) },
        "routed key" to { c, k -> c.get<String>(Key(k.toString(), routing = "r")) },
        "hashed key" to { c, k -> c.get<String>(Key(k.toString(), hash = 1)) },
        "namespace" to { c, k -> c.namespace(k.toString()).get<String>("k") },
        "quiet set" to { c, k -> c.fireAndForget().set(k, "v") },
        "quiet delete" to { c, k -> c.fireAndForget().delete(k) },
        "blocking get" to { c, k -> c.blocking().get(k, String::class.java) },
        "async get" to { c, k -> c.async().get(k, String::class.java) },
    )

/** Nothing that a caller passes as a key becomes a command. */
class KeySafetyTest :
    FunSpec({
        eachDialect("S01 keys with control characters, blanks or DEL are refused before a byte is written") { dialect ->
            HostileServer.start().use { server ->
                client(server.address()) { protocol = dialect }.use { cache ->
                    cache.shouldBeInSync()
                    val before = server.requests().size
                    val bad = (0..0x20).map { it.toChar() } + listOf('\u007f', '\u0080', '\u00a0', '\u2028', '\uffff')
                    for (c in bad) {
                        for (key in listOf("$c", "${c}k", "k$c", "k${c}k", "k\r\n$c", "k".repeat(249) + c)) {
                            val failure = attempt { cache.get<String>(key) }.shouldFailWith<IllegalKeyException>()
                            failure.reason() shouldBe Reason.ILLEGAL_CHARACTER
                            attempt { cache.set(key, "v") }.shouldFailWith<IllegalKeyException>()
                        }
                    }
                    val empty = attempt { cache.get<String>("") }.shouldFailWith<IllegalKeyException>()
                    empty.reason() shouldBe Reason.EMPTY
                    server.requests().size shouldBe before
                    cache.shouldBeInSync()
                    server.accepted() shouldBe 1
                }
            }
        }

        eachDialect("S02 length counts in bytes with the prefix, and an over-long key runs no command") { dialect ->
            MemcachedServer.start().use { server ->
                client(server.address()) {
                    protocol = dialect
                    keyEncoding = KeyEncoding.UTF8
                }.use { cache ->
                    suspend fun passes(key: String, on: MemcachedClient = cache) {
                        on.set(key, "of $key")
                        on.get<String>(key) shouldBe "of $key"
                    }

                    suspend fun tooLong(key: String, on: MemcachedClient = cache) {
                        val failure = attempt { on.set(key, "set pwned 0 0 1\r\n1") }
                        failure.shouldFailWith<IllegalKeyException>().reason() shouldBe Reason.TOO_LONG
                    }
                    passes("k".repeat(LONGEST))
                    tooLong("k".repeat(LONGEST + 1))
                    tooLong("k".repeat(100_000))
                    passes("\u00e9".repeat(125))
                    tooLong("\u00e9".repeat(126))
                    passes("\ud83d\ude00".repeat(62))
                    tooLong("\ud83d\ude00".repeat(63))
                    val spaced = cache.namespace("n".repeat(100)).namespace("m".repeat(100))
                    passes("k".repeat(50), spaced)
                    tooLong("k".repeat(51), spaced)
                    tooLong("\u00e9".repeat(26), spaced)
                    cache.get<String>("pwned").shouldBeNull()
                }
            }
        }

        eachDialect("S03 every entry checks its keys, and a call with one bad key sends none") { dialect ->
            HostileServer.start().use { server ->
                client(server.address()) { protocol = dialect }.use { cache ->
                    cache.shouldBeInSync()
                    val before = server.requests().size
                    for ((name, entry) in entries) {
                        for (key in listOf("k\r\nflush_all\r\n", "a b", "k".repeat(LONGEST + 1), "\u0000")) {
                            val outcome = attempt { entry(cache, key) }
                            // a namespace that no key can have is the mistake of who made the view
                            if (name == "namespace") {
                                val refused = outcome.shouldFailWith<IllegalRequestException>()
                                refused.message!!.startsWith("no key can have the namespace") shouldBe true
                            } else {
                                outcome.shouldFailWith<IllegalKeyException>()
                            }
                        }
                    }
                    for (argument in listOf("items\r\nflush_all", "x\u0000", "y".repeat(300))) {
                        attempt { cache.stats(argument) }.shouldFailWith<IllegalRequestException>()
                    }
                    server.requests().size shouldBe before
                }
            }
        }

        test("S04 nothing that one client does changes the checks of another") {
            HostileServer.start().use { server ->
                client(server.address()) {
                    protocol = Protocol.META
                    keyEncoding = KeyEncoding.UTF8
                }.use { meta ->
                    client(server.address()) { protocol = Protocol.TEXT }.use { text ->
                        repeat(3) {
                            meta.set("\u00e9", "1")
                            attempt { text.get<String>("\u00e9") }.shouldFailWith<IllegalKeyException>()
                            for (cache in listOf(meta, text)) {
                                attempt { cache.get<String>("a b") }.shouldFailWith<IllegalKeyException>()
                                attempt { cache.get<String>("k".repeat(LONGEST + 1)) }
                                    .shouldFailWith<IllegalKeyException>()
                            }
                        }
                    }
                }
            }
        }

        eachDialect("S05 two different texts are never the same key") { dialect ->
            MemcachedServer.start().use { server ->
                client(server.address()) {
                    protocol = dialect
                    keyEncoding = KeyEncoding.UTF8
                }.use { cache ->
                    val keys =
                        listOf("?", "\u00e9", "e\u0301", "\ufffd", "\ufeffk", "k", "\u212b", "\u00c5", "\uff1f") +
                            "\ud83d\ude00"
                    keys.forEachIndexed { i, key -> cache.set(key, "value $i") }
                    keys.forEachIndexed { i, key -> cache.get<String>(key) shouldBe "value $i" }
                    val halves = listOf("\ud83d", "\ude00", "k\ud83d", "\ude00\ud83d", "\ud83dk", "\ud83d\ud83d\ude00")
                    for (key in halves) {
                        val failure = attempt { cache.set(key, "v") }.shouldFailWith<IllegalKeyException>()
                        failure.reason() shouldBe Reason.NOT_ENCODABLE
                    }
                }
            }
        }

        test("S20 addresses are read strictly") {
            for (text in listOf(
                "",
                " ",
                "host ",
                " host",
                "ho st:1",
                "host:",
                "host:0",
                "host:65536",
                "host:-1",
                "host:+1",
                "host:1x",
                "host: 1",
                "host:99999999999999999999",
                "host:11211:0",
                "host:11211:-1",
                "host:11211:1:1",
                "user@host:1",
                "user:pass@host",
                "host/path",
                "http://host:1",
                "host?x=1",
                "host#x",
                "a,b",
                "[::1",
                "::1]:1",
                "[::1]x",
                "[::1]1",
                "[]:1",
                "host\r\n:1",
                "host\u0000",
                "h".repeat(1025),
            )) {
                shouldThrow<IllegalRequestException> { io.cachewire.ServerAddress.parse(text) }
                shouldThrowAny { MemcachedClient(text) }
            }
            io.cachewire.ServerAddress.parse("[::1]:11212").toString() shouldBe "[::1]:11212"
            shouldThrow<IllegalRequestException> { MemcachedClient("a:1", "a:1") }
        }
    })
