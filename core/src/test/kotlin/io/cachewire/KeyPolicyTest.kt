package io.cachewire

import io.cachewire.IllegalKeyException.Reason
import io.cachewire.fixture.MemcachedServer
import io.cachewire.meta.MetaCount
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactlyInAnyOrder
import io.kotest.matchers.maps.shouldContainExactly
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNotBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldEndWith
import io.kotest.matchers.string.shouldStartWith
import kotlinx.coroutines.flow.toList
import java.security.MessageDigest
import java.util.HexFormat
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

private fun sha256(text: String) =
    HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.toByteArray()))

/** Keys that a command line cannot carry as they are: base64, and shortened ones. */
class KeyPolicyTest :
    FunSpec({
        fun wire(key: String, encoding: KeyEncoding) = KeyPolicy(encoding, LongKeys.HASH).wire(Key.of(key)).toUtf8()

        context("on a real server") {
            val server = MemcachedServer.start()
            afterSpec { server.close() }
            lateinit var cache: MemcachedClient
            beforeTest {
                cache =
                    MemcachedClient(server.address().toString()) {
                        keyEncoding = KeyEncoding.BASE64
                        longKeys = LongKeys.HASH
                        requestTimeout = 10.seconds
                    }
                cache.flushAll()
            }
            afterTest { cache.close() }

            val every = (0..255).map { it.toByte() }.toByteArray()
            val keys =
                listOf<CharSequence>(
                    "plain",
                    "two words",
                    "\u00e9\u4e2d",
                    "a\r\nflush_all",
                    "\u0000",
                    "k".repeat(5000),
                ) +
                    every.toList().chunked(100).map { Key.ofBytes(it.toByteArray()) }

            test("every operation takes any key") {
                for (key in keys) {
                    cache.add(key, "1", 5.minutes) shouldBe true
                    cache.get<String>(key) shouldBe "1"
                    cache.increment(key, 4) shouldBe 5
                    cache.append(key, "0") shouldBe true
                    cache.cas(key, "6", cache.gets<String>(key)!!.cas) shouldBe CasResult.STORED
                    cache.touch(key, 1.minutes) shouldBe true
                    cache.getAndTouch<String>(key, 1.minutes) shouldBe "6"
                    cache.item<String>(key)!!.size shouldBe 1
                    cache.admin().debugItem(key)!!.fetched() shouldBe true
                    cache.meta().get<String>(key).item()!!.value shouldBe "6"
                    cache.meta().count(key, MetaCount.up(1)).value() shouldBe 7
                    cache.fireAndForget().set(key, "8")
                    cache.get<String>(key) shouldBe "8"
                    cache.markStale(key, 1.minutes) shouldBe true
                    cache.delete(key) shouldBe true
                    cache.get<String>(key).shouldBeNull()
                }
                val values = keys.associateWith { "value of ${it.length}" }
                cache.setAll(values).size shouldBe 0
                cache.getAllResults(keys, ValueType.of(String::class.java)).hits() shouldContainExactly values
                cache.deleteAll(keys).toList() shouldContainExactlyInAnyOrder keys
            }

            test("the item is stored under the bytes of the key") {
                cache.set("two words", "a")
                cache.set(Key.ofBytes(byteArrayOf(-1, 0)), "b")
                val dumped = cache.admin().metadump(server.address()).toList()
                dumped.map { it.keyBytes() } shouldContainExactlyInAnyOrder
                    listOf(DataBlock.ofUtf8("two words"), DataBlock.copyOf(byteArrayOf(-1, 0)))
                MemcachedClient(server.address().toString()) { keyEncoding = KeyEncoding.UTF8 }.use { other ->
                    other.set("\u00e9", "by another client")
                    cache.get<String>("\u00e9") shouldBe "by another client"
                }
            }

            test("the classic text protocol takes plain keys and refuses the others") {
                cache.copy { protocol = Protocol.TEXT }.use { text ->
                    text.set("plain", "v")
                    text.get<String>("plain") shouldBe "v"
                    shouldThrow<ProtocolException> { text.get<String>("two words") }.message!! shouldContain
                        "the classic text protocol cannot carry this key"
                }
            }

            test("the binary protocol takes plain keys and refuses the others, before anything is sent") {
                cache.copy { protocol = Protocol.BINARY }.use { binary ->
                    binary.set("plain", "v")
                    binary.get<String>("plain") shouldBe "v"
                    val before = binary.stats().values.single()
                    for (key in keys.filter { it.any { c -> c <= ' ' || c >= '\u007f' } }) {
                        for (
                        call in listOf<suspend () -> Any?>(
                            { binary.get<String>(key) },
                            { binary.set(key, "v") },
                            { binary.increment(key) },
                            { binary.delete(key) },
                            { binary.touch(key, 1.minutes) },
                        )
                        ) {
                            val refused = shouldThrow<ProtocolException> { call() }
                            refused.message!! shouldContain "no keys in base64"
                            refused.delivery() shouldBe MemcachedException.Delivery.NOT_SENT
                        }
                    }
                    val after = binary.stats().values.single()
                    listOf("cmd_get", "cmd_set", "delete_misses", "incr_misses").forEach {
                        after[it] shouldBe before[it]
                    }
                }
            }

            test("a key of other bytes is another key") {
                cache.set(Key.ofBytes("\u00e9".toByteArray(Charsets.ISO_8859_1)), "latin")
                cache.set("\u00e9", "utf-8")
                cache.get<String>(Key.ofBytes("\u00e9".toByteArray(Charsets.ISO_8859_1))) shouldBe "latin"
                cache.get<String>(Key.ofBytes("\u00e9".toByteArray())) shouldBe "utf-8"
                cache.namespace("\u00e9:").set(Key.ofBytes(byteArrayOf(-1)), "v")
                cache.get<String>(Key.ofBytes(byteArrayOf(-61, -87, 58, -1))) shouldBe "v"
            }
        }

        test("base64 has a limit of 186 bytes") {
            val policy = KeyPolicy(KeyEncoding.BASE64, LongKeys.REFUSE)
            policy.wire(Key.of(" ".repeat(186))).length() shouldBe 248
            shouldThrow<IllegalKeyException> { policy.wire(Key.of(" ".repeat(187))) }.reason() shouldBe Reason.TOO_LONG
            policy.wire(Key.of("k".repeat(250))).length() shouldBe 250
            shouldThrow<IllegalKeyException> { policy.wire(Key.of("k".repeat(251))) }.reason() shouldBe Reason.TOO_LONG
            shouldThrow<IllegalKeyException> { policy.wire(Key.of("")) }.reason() shouldBe Reason.EMPTY
            shouldThrow<IllegalKeyException> { policy.wire(Key.of("a\ud800")) }.reason() shouldBe Reason.NOT_ENCODABLE
        }

        test("a long key keeps its begin and ends with its hash") {
            for (length in listOf(251, 252, 1000)) {
                val key = "k".repeat(length)
                wire(key, KeyEncoding.ASCII) shouldBe "k".repeat(178) + "-sha256-" + sha256(key)
            }
            wire("k".repeat(250), KeyEncoding.ASCII) shouldBe "k".repeat(250)
            wire("k".repeat(63), KeyEncoding.ASCII) shouldBe "k".repeat(63)
        }

        test("a shortened key is cut between characters") {
            for (shift in 0..3) {
                val key = "k".repeat(shift) + "\u4e2d".repeat(100)
                val short = wire(key, KeyEncoding.UTF8)
                short shouldEndWith "-sha256-" + sha256(key)
                key shouldStartWith short.substringBefore("-sha256-")
                short.toByteArray().size shouldBe (if (shift % 3 == 1) 250 else short.toByteArray().size)
            }
        }

        test("no key is taken for the shortened form of another") {
            for (encoding in KeyEncoding.entries) {
                val long = "k".repeat(300)
                val forged = wire(long, encoding)
                wire(forged, encoding) shouldNotBe forged
                wire(forged, encoding).length shouldBe 250
            }
            val long = "\u4e2d".repeat(100)
            val forged = wire(long, KeyEncoding.UTF8)
            wire(forged, KeyEncoding.UTF8) shouldNotBe forged
        }

        test("illegal characters are refused wherever they are in a long key") {
            for (encoding in listOf(KeyEncoding.ASCII, KeyEncoding.UTF8)) {
                for (at in listOf(0, 100, 240, 299)) {
                    val key = StringBuilder("k".repeat(300)).apply { setCharAt(at, '\n') }
                    shouldThrow<IllegalKeyException> { wire(key.toString(), encoding) }.reason() shouldBe
                        Reason.ILLEGAL_CHARACTER
                }
            }
            shouldThrow<IllegalKeyException> { KeyRules.encode(Key.ofBytes(byteArrayOf(-23)), KeyEncoding.UTF8) }
        }
    })
