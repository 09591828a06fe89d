package io.cachewire

import io.cachewire.fixture.MemcachedServer
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.collections.shouldContainExactlyInAnyOrder
import io.kotest.matchers.longs.shouldBeInRange
import io.kotest.matchers.maps.shouldContainExactly
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldStartWith
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import java.time.Instant
import kotlin.time.Duration.Companion.days
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

/** Every operation of the suspend face on a real server, in each dialect. Each test is named after the operation. */
class MemcachedClientTest :
    FunSpec({
        val server = MemcachedServer.start()
        afterSpec { server.close() }

        for (dialect in listOf(Protocol.META, Protocol.TEXT, Protocol.BINARY)) {
            context("$dialect") {
                val cache = MemcachedClient(server.address().toString()) { protocol = dialect }
                beforeTest { cache.flushAll() }
                afterSpec { cache.close() }

                test("get") {
                    cache.get<String>("absent").shouldBeNull()
                    cache.set("k", "v")
                    cache.get<String>("k") shouldBe "v"
                    cache.set("n", 42L)
                    cache.get<Long>("n") shouldBe 42L
                    cache.set("b", byteArrayOf(0, 13, 10, -1))
                    cache.get<ByteArray>("b")!!.toList() shouldBe listOf<Byte>(0, 13, 10, -1)
                    cache.set("empty", "")
                    cache.get<String>("empty") shouldBe ""
                }

                test("gets") {
                    cache.gets<String>("absent").shouldBeNull()
                    cache.set("k", "v1")
                    val first = cache.gets<String>("k").shouldNotBeNull()
                    first.value shouldBe "v1"
                    cache.set("k", "v1")
                    (cache.gets<String>("k")!!.cas == first.cas) shouldBe false
                }

                test("item") {
                    cache.item<String>("absent").shouldBeNull()
                    cache.set("k", "value", ttl = 1.hours)
                    val item = cache.item<String>("k").shouldNotBeNull()
                    item.value shouldBe "value"
                    item.size shouldBe 5
                    item.cas shouldBe cache.gets<String>("k")!!.cas
                    if (dialect == Protocol.META) {
                        item.ttl!!.seconds shouldBeInRange 3598L..3600L
                        item.hitBefore shouldBe false
                        cache.item<String>("k")!!.hitBefore shouldBe true
                        cache.set("for ever".replace(' ', '-'), "v")
                        cache.item<String>("for-ever")!!.ttl.shouldBeNull()
                    }
                }

                test("getAll") {
                    cache.set("a", "1")
                    cache.set("c", "3")
                    cache.getAll<String>(listOf("a", "b", "c", "a")).shouldContainExactly(mapOf("a" to "1", "c" to "3"))
                    cache.getAll<String>(emptyList()).shouldContainExactly(emptyMap())
                    cache.set("user:7", "seven")
                    cache.getAll<String, Int>(listOf(7, 8)) { "user:$it" }.shouldContainExactly(mapOf(7 to "seven"))
                }

                test("getAllResults") {
                    cache.set("a", "1")
                    cache.set("long", "not a number")
                    val keys = listOf(Key("a"), Key("b"))
                    val results = cache.getAllResults(keys, valueType<String>())
                    results.hits shouldBe mapOf(keys[0] to "1")
                    (results.hits.keys.first() === keys[0]) shouldBe true
                    results.missing.shouldContainExactly(keys[1])
                    results.noFailures() shouldBe true
                    val failing = cache.getAllResults(listOf("a", "long"), valueType<Long>())
                    failing.failed.keys shouldBe
                        setOf("long", "a").filter { it == "long" || it in failing.failed }.toSet()
                    failing.failed.getValue("long").javaClass shouldBe SerdeException::class.java
                    failing.size() shouldBe 2
                    failing.failed.keys + failing.hits.keys shouldBe setOf("a", "long")
                }

                test("getsAll") {
                    cache.set("a", "1")
                    val all = cache.getsAll(listOf("a", "b"), valueType<String>())
                    all.keys shouldBe setOf("a")
                    all.getValue("a").cas shouldBe cache.gets<String>("a")!!.cas
                }

                test("set") {
                    cache.set("k", "1")
                    cache.set("k", "2", ttl = 10.minutes)
                    cache.get<String>("k") shouldBe "2"
                    cache.set("k", "3", Expiry.at(Instant.now().plusSeconds(3600)))
                    cache.get<String>("k") shouldBe "3"
                    cache.set("k", "4", ttl = 100.milliseconds) // sent as one second
                    cache.get<String>("k") shouldBe "4"
                    cache.set("k", "5", ttl = 60.days) // sent as a date
                    cache.get<String>("k") shouldBe "5"
                    cache.set("k", "6", Expiry.at(Instant.now().minusSeconds(10)))
                    cache.get<String>("k").shouldBeNull()
                    val large = ByteArray(1_000_000) { (it * 31).toByte() }
                    cache.set("large", large)
                    cache.get<ByteArray>("large")!!.contentEquals(large) shouldBe true
                }

                test("setAll") {
                    cache.setAll(mapOf("a" to 1, "b" to 2), ttl = 1.minutes) shouldBe emptySet()
                    cache.getAll<Int>(listOf("a", "b")) shouldBe mapOf("a" to 1, "b" to 2)
                }

                test("setAllResults") {
                    val values = mapOf("a" to ByteArray(3), "b" to ByteArray(2 shl 20))
                    val results = cache.setAllResults(values)
                    results.stored shouldBe setOf("a")
                    results.failed.getValue("b").javaClass shouldBe ValueTooLargeException::class.java
                }

                test("add") {
                    cache.add("k", "1") shouldBe true
                    cache.add("k", "2") shouldBe false
                    cache.get<String>("k") shouldBe "1"
                }

                test("replace") {
                    cache.replace("k", "1") shouldBe false
                    cache.set("k", "0")
                    cache.replace("k", "1") shouldBe true
                    cache.get<String>("k") shouldBe "1"
                }

                test("append") {
                    cache.append("k", "x") shouldBe false
                    cache.set("k", "v")
                    cache.append("k", "x") shouldBe true
                    cache.get<String>("k") shouldBe "vx"
                }

                test("prepend") {
                    cache.prepend("k", "x") shouldBe false
                    cache.set("k", "v")
                    cache.prepend("k", "x") shouldBe true
                    cache.get<String>("k") shouldBe "xv"
                }

                test("cas") {
                    cache.cas("k", "v", 1) shouldBe CasResult.NOT_FOUND
                    cache.set("k", "v")
                    val held = cache.gets<String>("k")!!
                    cache.cas("k", "w", held.cas, ttl = 5.minutes) shouldBe CasResult.STORED
                    cache.cas("k", "x", held.cas) shouldBe CasResult.EXISTS
                    cache.get<String>("k") shouldBe "w"
                }

                test("update") {
                    cache.update<String>("k") { old -> old }.shouldBeNull()
                    cache.get<String>("k").shouldBeNull()
                    cache.update<Int>("n", ttl = 1.minutes) { (it ?: 0) + 1 } shouldBe 1
                    coroutineScope {
                        List(8) { async { repeat(10) { cache.update<Int>("n") { (it ?: 0) + 1 } } } }.awaitAll()
                    }
                    cache.get<Int>("n") shouldBe 81
                }

                test("delete") {
                    cache.delete("k") shouldBe false
                    cache.set("k", "v")
                    cache.delete("k") shouldBe true
                    cache.get<String>("k").shouldBeNull()
                }

                test("deleteAll") {
                    cache.set("a", "1")
                    cache.set("b", "2")
                    cache.deleteAll(listOf("a", "x", "b")) shouldBe setOf("a", "b")
                    cache.getAll<String>(listOf("a", "b")) shouldBe emptyMap()
                }

                test("deleteAllResults") {
                    cache.set("a", "1")
                    val results = cache.deleteAllResults(listOf("a", "x"))
                    results.deleted shouldBe setOf("a")
                    results.missing shouldBe setOf("x")
                    results.allDeleted() shouldBe false
                }

                test("increment") {
                    cache.increment("hits").shouldBeNull()
                    cache.set("hits", 5L)
                    cache.increment("hits") shouldBe 6L
                    cache.increment("hits", by = 10) shouldBe 16L
                    cache.get<Long>("hits") shouldBe 16L
                    cache.set("large", Long.MAX_VALUE.toString())
                    cache.increment("large") shouldBe Long.MIN_VALUE // 2^63, to be read as unsigned
                    cache.set("text", "abc")
                    shouldThrow<NotANumberException> { cache.increment("text") }
                    if (dialect != Protocol.TEXT) {
                        cache.increment("made", by = 5, initial = 0, ttl = 1.hours) shouldBe 0L
                        cache.increment("made", by = 5, initial = 0, ttl = 1.hours) shouldBe 5L
                        cache.get<Long>("made") shouldBe 5L
                        if (dialect == Protocol.META) {
                            cache.item<Long>("made")!!.ttl!!.seconds shouldBeInRange 3598L..3600L
                        }
                    } else {
                        shouldThrow<ProtocolException> { cache.increment("made", initial = 0) }
                            .delivery() shouldBe MemcachedException.Delivery.NOT_SENT
                    }
                }

                test("decrement") {
                    cache.decrement("n").shouldBeNull()
                    cache.set("n", 10)
                    cache.decrement("n") shouldBe 9L
                    cache.get<Int>("n") shouldBe 9 // padded by the server
                    cache.decrement("n", by = 100) shouldBe 0L
                    if (dialect != Protocol.TEXT) {
                        cache.decrement("made", initial = 7) shouldBe 7L
                        cache.decrement("made", initial = 7) shouldBe 6L
                    }
                }

                test("touch") {
                    cache.touch("k", 10.minutes) shouldBe false
                    cache.set("k", "v")
                    cache.touch("k", 10.minutes) shouldBe true
                    cache.touch("k", Expiry.at(Instant.now().minusSeconds(10))) shouldBe true
                    cache.get<String>("k").shouldBeNull()
                }

                test("getAndTouch") {
                    cache.getAndTouch<String>("k", 10.minutes).shouldBeNull()
                    cache.set("k", "v")
                    cache.getAndTouch<String>("k", 10.minutes) shouldBe "v"
                    if (dialect == Protocol.META) {
                        cache.item<String>("k")!!.ttl!!.seconds shouldBeInRange 598L..600L
                    }
                }

                test("markStale") {
                    if (dialect == Protocol.META) {
                        cache.markStale("k", 30.seconds) shouldBe false
                        cache.set("k", "v")
                        cache.markStale("k", 30.seconds) shouldBe true
                        cache.get<String>("k") shouldBe "v"
                    } else {
                        shouldThrow<ProtocolException> { cache.markStale("k", 30.seconds) }
                    }
                }

                test("namespace") {
                    val users = cache.namespace("users:")
                    users.set("1", "Ada")
                    cache.get<String>("users:1") shouldBe "Ada"
                    users.getAll<String>(listOf("1", "2")) shouldBe mapOf("1" to "Ada")
                    users.namespace("x:").set("1", "y")
                    cache.get<String>("users:x:1") shouldBe "y"
                    shouldThrow<IllegalKeyException> { users.get<String>("k".repeat(245)) }
                        .reason() shouldBe IllegalKeyException.Reason.TOO_LONG
                }

                test("fireAndForget") {
                    val quietly = cache.fireAndForget()
                    quietly.set("k", "v", ttl = 1.minutes)
                    quietly.add("k", "other", Expiry.never())
                    quietly.append("k", "x")
                    quietly.prepend("k", "x")
                    cache.get<String>("k") shouldBe "xvx"
                    quietly.set("n", 1)
                    quietly.increment("n", 9)
                    quietly.decrement("n", 3)
                    quietly.increment("k", 1) // not a number: the error is nobody's reply
                    quietly.replace("absent", "v", Expiry.never())
                    quietly.touch("n", Expiry.never())
                    quietly.delete("absent")
                    cache.get<Int>("n") shouldBe 7
                    quietly.delete("k")
                    cache.get<String>("k").shouldBeNull()
                    // large blocks leave no room for the fence behind them: what they answer must still be taken by it
                    val large = "x".repeat(65_000)
                    repeat(50) {
                        quietly.replace("absent", large, Expiry.never())
                        quietly.set("large", large)
                    }
                    cache.get<String>("large") shouldBe large
                }

                test("stats") {
                    cache.stats().keys.map { it.toString() } shouldBe listOf(server.address().toString())
                    cache.stats().values.single().getValue("pid").toLong() shouldBeInRange 1L..Long.MAX_VALUE
                    cache.set("k", "v")
                    cache.stats("items").values.single().keys.first() shouldStartWith "items:"
                    cache.stats("settings").values.single().getValue("maxconns").toInt() shouldBe 1024
                    shouldThrow<IllegalRequestException> { cache.stats("items\r\nflush_all") }
                }

                test("version") {
                    cache.version().values.single() shouldStartWith "1."
                }

                test("flushAll") {
                    cache.set("k", "v")
                    cache.flushAll()
                    cache.get<String>("k").shouldBeNull()
                    cache.set("k", "v")
                    cache.flushAll(delay = 1.hours)
                    cache.get<String>("k") shouldBe "v"
                }

                test("verbosity") {
                    if (dialect == Protocol.BINARY) {
                        shouldThrow<PartialResultException> { cache.verbosity(1) }.cause!!.javaClass shouldBe
                            ProtocolException::class.java
                    } else {
                        cache.verbosity(1)
                        cache.verbosity(0)
                    }
                    shouldThrow<IllegalRequestException> { cache.verbosity(-1) }
                }

                test("routing keys and explicit hashes") {
                    cache.set(Key("user:1", routing = "tenant-7"), "routed")
                    cache.get<String>(Key("user:1", routing = "tenant-7")) shouldBe "routed"
                    cache.set(Key("k", hash = 42), "hashed")
                    cache.get<String>(Key("k", hash = 42)) shouldBe "hashed"
                    cache.deleteAll(listOf(Key("k", hash = 42))).map {
                        it.toString()
                    }.shouldContainExactlyInAnyOrder("k")
                }
            }
        }
    })
