package io.cachewire.reliability

import io.cachewire.MemcachedClient
import io.cachewire.MemcachedException.Delivery
import io.cachewire.PartialResultException
import io.cachewire.Protocol
import io.cachewire.ProtocolException
import io.cachewire.ValueTooLargeException
import io.cachewire.ValueType
import io.cachewire.fixture.HostileServer
import io.cachewire.fixture.MemcachedServer
import io.cachewire.get
import io.cachewire.getAndTouch
import io.cachewire.gets
import io.cachewire.item
import io.cachewire.meta.MetaCount
import io.cachewire.set
import io.cachewire.update
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.types.shouldBeInstanceOf
import java.time.Duration
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

private const val LIMIT = 10_000
private val TEXT = ValueType.of(String::class.java)

/** A value over `maxValueBytes` is read past: its read fails, and nobody else notices. */
class OversizedValueTest :
    FunSpec({
        val server = MemcachedServer.start()
        val large = MemcachedClient(server.address().toString()) { requestTimeout = 5.seconds }
        afterSpec {
            large.close()
            server.close()
        }

        suspend fun connections() = large.stats().values.single().getValue("total_connections").toInt()

        fun small(dialect: Protocol, limit: Int = LIMIT) = MemcachedClient(server.address().toString()) {
            protocol = dialect
            maxValueBytes = limit
            requestTimeout = 5.seconds
        }

        for (dialect in listOf(Protocol.META, Protocol.TEXT, Protocol.BINARY)) {
            test("F51 each kind of read fails alone and the connection stays, $dialect") {
                for (size in listOf(LIMIT + 1, 3 * LIMIT, 16 * LIMIT)) {
                    large.set("big", "x".repeat(size))
                    large.set("small", "v")
                    small(dialect).use { cache ->
                        cache.get<String>("small") shouldBe "v"
                        val before = connections()
                        val reads =
                            mapOf<String, suspend () -> Any?>(
                                "get" to { cache.get<String>("big") },
                                "gets" to { cache.gets<String>("big") },
                                "item" to { cache.item<String>("big") },
                                "getAndTouch" to { cache.getAndTouch<String>("big", 5.minutes) },
                                "update" to { cache.update<String>("big") { "smaller" } },
                            ) +
                                if (dialect == Protocol.META) {
                                    mapOf<String, suspend () -> Any?>("meta get" to { cache.meta().get<String>("big") })
                                } else {
                                    emptyMap()
                                }
                        for ((name, read) in reads) {
                            withClue("$name of $size bytes") {
                                val failure = shouldThrow<ValueTooLargeException> { read() }
                                failure.delivery() shouldBe Delivery.ANSWERED
                                failure.key() shouldBe "big"
                                failure.message shouldContain "$size bytes"
                                failure.message shouldContain "$LIMIT"
                                cache.get<String>("small") shouldBe "v"
                            }
                        }
                        connections() shouldBe before
                    }
                }
            }

            test("F51 others' increments beside such reads are counted once each, $dialect") {
                large.set("big", "x".repeat(16 * LIMIT))
                small(dialect).use { cache ->
                    cache.set("n", 0)
                    many(300) {
                        if (it % 3 == 0) cache.get<String>("big") else cache.increment("n")
                    }.forEachIndexed { index, outcome ->
                        if (index % 3 ==
                            0
                        ) {
                            outcome.shouldFailWith<ValueTooLargeException>()
                        } else {
                            outcome.failure shouldBe null
                        }
                    }
                    cache.get<Int>("n") shouldBe 200
                }
            }

            test("F51 keys before and behind it in a read of many keys are served, $dialect") {
                val keys = (0 until 250).map { "key-$it" }
                for (big in listOf(
                    setOf(0),
                    setOf(249),
                    setOf(17),
                    setOf(17, 18),
                    setOf(99, 100, 101),
                    keys.indices.toSet(),
                )) {
                    withClue("too large: $big") {
                        large.setAll(
                            keys.withIndex().associate { (index, key) ->
                                key to io.cachewire.typed(if (index in big) "x".repeat(2 * LIMIT) else "value $index")
                            },
                            null,
                        )
                        small(dialect).use { cache ->
                            cache.version()
                            val before = connections()
                            val got = cache.getAllResults(keys + "absent", TEXT)
                            got.failed().keys shouldBe big.map { "key-$it" }.toSet()
                            got.failed().values.forEach { it.shouldBeInstanceOf<ValueTooLargeException>() }
                            got.hits() shouldBe
                                keys.indices.filter { it !in big }.associate { "key-$it" to "value $it" }
                            got.missing() shouldBe setOf("absent")
                            shouldThrow<PartialResultException> { cache.getAll(keys, TEXT) }
                            shouldThrow<PartialResultException> { cache.getsAll(keys, TEXT) }
                            connections() shouldBe before
                        }
                    }
                }
            }

            test("F51 one beyond sixteen times the limit ends the connection, $dialect") {
                large.set("big", "x".repeat(16 * LIMIT + 1))
                small(dialect).use { cache ->
                    val before = connections()
                    shouldThrow<ProtocolException> { cache.get<String>("big") }
                    cache.get<String>("small") shouldBe "v"
                    connections() shouldBe before + 2
                }
            }
        }

        test("F51 a counter that is longer than the limit is one of such values") {
            small(Protocol.META, limit = 3).use { cache ->
                large.set("n", 99999)
                shouldThrow<ValueTooLargeException> { cache.increment("n") }
                shouldThrow<ValueTooLargeException> { cache.meta().count("n", MetaCount.up(1)) }
                large.get<Int>("n") shouldBe 100_001
            }
        }

        test("F51 a value whose end does not follow is none, kept or not") {
            for (dialect in listOf(Protocol.META, Protocol.TEXT)) {
                HostileServer.start().use { liar ->
                    liar.put("big", 0, "x".repeat(2 * LIMIT))
                    liar.on(dialect.read, io.cachewire.fixture.Forgery.lengthOff(-1))
                    client(liar.address()) {
                        protocol = dialect
                        maxValueBytes = LIMIT
                        requestTimeout = 2.seconds
                        retryPolicy = io.cachewire.RetryPolicy.never()
                    }.use { cache -> attempt { cache.get<String>("big") }.shouldFailWith<ProtocolException>() }
                }
            }
        }

        test("F51 a value that a server with its default item size would refuse is not sent, and the old one stays") {
            for (dialect in listOf(Protocol.META, Protocol.TEXT, Protocol.BINARY)) {
                MemcachedClient(server.address().toString()) {
                    protocol = dialect
                    requestTimeout = 5.seconds
                }.use { cache ->
                    for (key in listOf("k", "k".repeat(250))) {
                        val most = (1 shl 20) - 59 - key.length
                        val raw = ValueType.of(ByteArray::class.java)
                        for (size in listOf(most + 1, 1_048_528, 1_048_550, 1 shl 20, (1 shl 20) + 1)) {
                            withClue("$dialect, $size bytes, key of ${key.length}") {
                                cache.set(key, ByteArray(5))
                                val value = raw.value(ByteArray(size))
                                val writes =
                                    listOf<suspend () -> Any?>(
                                        { cache.set(key, value, null) },
                                        { cache.add(key, value, null) },
                                        { cache.replace(key, value, null) },
                                        { cache.cas(key, value, cache.gets(key, raw)!!.cas, null) },
                                        { cache.append(key, value.value()) },
                                        { cache.prepend(key, value.value()) },
                                        { cache.fireAndForget().set(key, value) },
                                        { cache.update(key, raw, null) { value.value() } },
                                    )
                                for (write in writes) {
                                    shouldThrow<ValueTooLargeException> { write() }.delivery() shouldBe
                                        Delivery.NOT_SENT
                                    cache.get(key, raw)!!.size shouldBe 5
                                }
                                cache.setAll(mapOf(key to value), null) shouldBe setOf(key)
                                cache.get(key, raw)!!.size shouldBe 5
                            }
                        }
                        cache.set(key, ByteArray(most))
                        cache.get(key, raw)!!.size shouldBe most
                    }
                }
            }
        }

        test("F51 a limit below a mebibyte is that of the value alone, and a larger one is a server's item size") {
            MemcachedServer.start("-I", "2m").use { roomy ->
                MemcachedClient(roomy.address().toString()) {
                    maxValueBytes = 2 shl 20
                    requestTimeout = 5.seconds
                }.use { cache ->
                    cache.set("k", "old")
                    shouldThrow<ValueTooLargeException> { cache.set("k", ByteArray((2 shl 20) - 50)) }
                    cache.get<String>("k") shouldBe "old"
                    cache.set("k", ByteArray((2 shl 20) - 60))
                }
            }
            small(Protocol.META).use { cache ->
                cache.set("k", ByteArray(LIMIT))
                shouldThrow<ValueTooLargeException> { cache.set("k", ByteArray(LIMIT + 1)) }
            }
        }
    })
