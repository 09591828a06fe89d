package io.cachewire

import io.cachewire.IllegalKeyException.Reason
import io.cachewire.MemcachedException.Delivery
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.assertions.throwables.shouldThrowExactly
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainAll
import io.kotest.matchers.ints.shouldBeGreaterThan
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldMatch
import io.kotest.matchers.string.shouldNotContain
import kotlin.time.Duration
import kotlin.time.Duration.Companion.INFINITE
import kotlin.time.Duration.Companion.ZERO
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds
import kotlin.time.toJavaDuration

private const val MAX_VALUE_BYTES = 100
private const val SECRET = "hunter2-never-in-a-message"

/**
 * Input that must not go on the wire, at every function of every face: each is refused with its type, and the
 * recording server has seen nothing of it when the next call has its answer.
 */
class BadInputTest :
    FunSpec({
        lateinit var server: RecordingServer
        lateinit var cache: MemcachedClient
        lateinit var all: List<EntryPoint>

        beforeTest {
            server = RecordingServer.start()
            cache =
                MemcachedClient(server.address()) {
                    protocol = Protocol.META
                    maxValueBytes = MAX_VALUE_BYTES
                    requestTimeout = 5.seconds
                }
            all = EntryPoint.ofAllFaces(cache)
        }

        // whatever a test did, only its last call, which is legal, was written
        afterTest {
            cache.version().values.single() shouldBe RecordingServer.VERSION
            server.received() shouldBe "version\r\n"
            cache.close()
            server.close()
        }

        val illegalCharacters = (0..0x20).map { it.toChar() } + listOf('\u007f', '\u0085', '\u00e9', '\u2028')
        val illegalKeys =
            illegalCharacters.flatMap { listOf("${it}bc", "a${it}c", "ab$it", "$it") }.associateWith {
                Reason.ILLEGAL_CHARACTER
            } + mapOf(
                "" to Reason.EMPTY,
                "k".repeat(251) to Reason.TOO_LONG,
                "k".repeat(100_000) to Reason.TOO_LONG,
                "get k\r\nflush_all" to Reason.ILLEGAL_CHARACTER,
                "\ud800" to Reason.ILLEGAL_CHARACTER,
            )

        fun EntryPoint.refuses(reason: Reason, keys: List<CharSequence>, bad: CharSequence) =
            withClue({ "$this for ${Escaped.text(bad)}" }) {
                val e = shouldThrowExactly<IllegalKeyException> { call(keys) }
                e.reason() shouldBe reason
                e.delivery() shouldBe Delivery.NOT_SENT
                e.key() shouldBe bad.toString()
                e.message!! shouldMatch "[ -~]*"
            }

        test("the faces have the entry points that the tests below are about") {
            val keyed = all.filter { it.takesKeys }
            keyed.size shouldBeGreaterThan 90
            keyed.filter { it.takesMany }.size shouldBeGreaterThan 20
            all.map { it.toString().substringBefore('(') }.shouldContainAll(
                "MemcachedClient.get",
                "MemcachedClient.markStale",
                "AsyncMemcachedClient.getAllResults",
                "BlockingMemcachedClient.update",
                "FireAndForgetClient.touch",
            )
        }

        test("an illegal key is refused by every function that takes one") {
            for (entry in all.filter { it.takesKeys }) {
                for ((key, reason) in illegalKeys) {
                    entry.refuses(reason, listOf(key), key)
                    if (!entry.takesMany) entry.refuses(reason, listOf(Key(key, routing = "r")), key)
                }
            }
        }

        test("one illegal key among a hundred refuses the whole call") {
            val keys = List(99) { "legal-$it" }
            val few = illegalKeys.entries.filter { (key, _) -> key.length != 3 || key.startsWith("a\r") }
            for (entry in all.filter { it.takesMany }) {
                for ((key, reason) in few) {
                    for (index in listOf(0, 50, 99)) {
                        entry.refuses(reason, keys.toMutableList().apply { add(index, key) }, key)
                    }
                }
            }
        }

        test("an illegal key is refused by the reified functions") {
            val key = "a\r\nb"
            val calls =
                listOf<suspend () -> Any?>(
                    { cache.get<String>(key) },
                    { cache.gets<String>(key) },
                    { cache.item<String>(key) },
                    { cache.getAndTouch<String>(key, 1.minutes) },
                    { cache.getAll<String>(listOf("a", key)) },
                    { cache.getAll<String, Int>(listOf(1, 2)) { if (it == 2) key else "a" } },
                    { cache.set(key, "v") },
                    { cache.set(key, "v", Expiry.never()) },
                    { cache.add(key, "v") },
                    { cache.replace(key, "v") },
                    { cache.cas(key, "v", 1) },
                    { cache.update<String>(key) { it } },
                    { cache.setAll(mapOf("a" to 1, key to 2)) },
                    { cache.setAllResults(mapOf("a" to 1, key to 2)) },
                    { cache.fireAndForget().set(key, "v", 1.minutes) },
                )
            for (call in calls) {
                shouldThrowExactly<IllegalKeyException> { call() }.key() shouldBe key
            }
        }

        test("the limit counts bytes, prefix included") {
            cache.namespace("p".repeat(100)).let { view ->
                for (entry in EntryPoint.ofAllFaces(view).filter { it.takesKeys }) {
                    val e = shouldThrowExactly<IllegalKeyException> { entry.call(listOf("k".repeat(151))) }
                    e.reason() shouldBe Reason.TOO_LONG
                    e.message!! shouldContain "251 bytes"
                }
            }
            KeyRules.encode("p".repeat(100) + "k".repeat(150), KeyEncoding.ASCII).length() shouldBe 250
            KeyRules.encode("\u00e9".repeat(125), KeyEncoding.UTF8).length() shouldBe 250
            MemcachedClient(server.address()) { keyEncoding = KeyEncoding.UTF8 }.use { utf8 ->
                for (entry in EntryPoint.ofAllFaces(utf8).filter { it.takesKeys }) {
                    entry.refuses(Reason.TOO_LONG, listOf("\u00e9".repeat(126)), "\u00e9".repeat(126))
                    entry.refuses(Reason.NOT_ENCODABLE, listOf("\u00e9\ud800"), "\u00e9\ud800")
                    entry.refuses(Reason.ILLEGAL_CHARACTER, listOf("\u00e9\r\nflush_all"), "\u00e9\r\nflush_all")
                }
            }
        }

        test("a namespace that makes the key illegal") {
            for (prefix in listOf("a b", "a\r\n", "\u0000", "\u007f")) {
                for (view in listOf<() -> Any>(
                    { cache.namespace(prefix) },
                    { cache.blocking().namespace(prefix) },
                    { cache.async().namespace(prefix) },
                    { MemcachedClient(server.address()) { namespace = prefix } },
                )) {
                    val refused = shouldThrowExactly<IllegalRequestException> { view() }
                    refused.message!! shouldContain "namespace"
                    refused.message!! shouldMatch "[ -~]*"
                }
            }
        }

        test("a value over the limit") {
            val stores = all.filter { it.has("value") }
            stores.size shouldBeGreaterThan 30
            for (entry in stores) {
                withClue(entry) {
                    val e =
                        shouldThrowExactly<ValueTooLargeException> {
                            entry.call { if (it.name == "value") typed(ByteArray(MAX_VALUE_BYTES + 1)) else null }
                        }
                    e.delivery() shouldBe Delivery.NOT_SENT
                    e.key() shouldBe "k"
                }
            }
            cache.setAll(mapOf("a" to ByteArray(101), "b" to ByteArray(102))) shouldBe setOf("a", "b")
        }

        test("a value that no serde takes") {
            class Unknown {
                override fun toString() = SECRET
            }
            for (entry in all.filter { it.has("value") }) {
                withClue(entry) {
                    val e =
                        shouldThrowExactly<SerdeException> {
                            entry.call { if (it.name == "value") typed(Unknown()) else null }
                        }
                    e.reason() shouldBe SerdeException.Reason.UNSUPPORTED_TYPE
                    e.delivery() shouldBe Delivery.NOT_SENT
                    e.stackTraceToString() shouldNotContain SECRET
                }
            }
        }

        test("a time to live, a delay or a timeout of zero, below zero or beyond measure") {
            val timed = all.filter { it.has(Duration::class) || it.has(java.time.Duration::class) }
            timed.size shouldBeGreaterThan 30
            for (entry in timed) {
                for (bad in listOf(ZERO, (-1).seconds, -INFINITE, INFINITE)) {
                    withClue({ "$entry with $bad" }) {
                        val e =
                            shouldThrowExactly<IllegalRequestException> {
                                entry.call {
                                    when (it.type.classifier) {
                                        Duration::class -> bad
                                        java.time.Duration::class -> bad.toJavaDuration()
                                        else -> null
                                    }
                                }
                            }
                        e.delivery() shouldBe Delivery.NOT_SENT
                    }
                }
            }
        }

        test("a delta or an initial value below zero") {
            for (name in listOf("by", "initial")) {
                val counting = all.filter { it.has(name) }
                withClue(name) { counting.size shouldBeGreaterThan 5 }
                for (entry in counting) {
                    for (bad in listOf(-1L, Long.MIN_VALUE)) {
                        withClue(entry) {
                            shouldThrowExactly<IllegalRequestException> {
                                entry.call { if (it.name == name) bad else null }
                            }.message!! shouldContain "$bad"
                        }
                    }
                }
            }
            shouldThrow<IllegalRequestException> { cache.increment("k", ttl = 1.minutes) }
        }

        test("an argument of stats that would be a command of its own") {
            val bad = listOf("items\r\nflush_all", "\n", "a\rb", "\u0000", "\u007f", "\u00e9", "x".repeat(201))
            for (entry in all.filter { it.has("argument") }) {
                for (argument in bad) {
                    shouldThrowExactly<IllegalRequestException> {
                        entry.call { if (it.name == "argument") argument else null }
                    }
                }
            }
            for (entry in all.filter { it.has("level") }) {
                shouldThrowExactly<IllegalRequestException> { entry.call { if (it.name == "level") -1 else null } }
            }
        }

        test("a message shows the key escaped and never the value") {
            val key = "user\r\nflush_all\u001b[2J\u2028\""
            for (entry in all.filter { it.has("value") && it.takesKeys }) {
                val e = shouldThrow<IllegalKeyException> { entry.call(listOf(key)) { secretFor(it) } }
                e.message!! shouldMatch "[ -~]*"
                e.message!! shouldContain "user\\r\\nflush_all\\u001b[2J\\u2028\\\""
                e.key() shouldBe key
                e.stackTraceToString() shouldNotContain SECRET
                val large = shouldThrow<ValueTooLargeException> { entry.call { secretFor(it, MAX_VALUE_BYTES) } }
                large.stackTraceToString() shouldNotContain SECRET
            }
        }
    })

private fun secretFor(parameter: kotlin.reflect.KParameter, times: Int = 1) =
    if (parameter.name == "value") typed(SECRET.repeat(times)) else null
