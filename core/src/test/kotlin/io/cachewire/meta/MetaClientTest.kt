package io.cachewire.meta

import io.cachewire.Expiry
import io.cachewire.IllegalRequestException
import io.cachewire.MemcachedClient
import io.cachewire.MemcachedException.Delivery
import io.cachewire.NotANumberException
import io.cachewire.Protocol
import io.cachewire.ProtocolException
import io.cachewire.UnsupportedByServerException
import io.cachewire.ValueType
import io.cachewire.cas
import io.cachewire.fixture.HostileServer
import io.cachewire.fixture.MemcachedServer
import io.cachewire.get
import io.cachewire.gets
import io.cachewire.item
import io.cachewire.set
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import io.kotest.matchers.string.shouldStartWith
import io.kotest.matchers.types.shouldBeInstanceOf
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds
import kotlin.time.toJavaDuration

private val LEASE = MetaGet.plain().vivify(30.seconds.toJavaDuration())

/** The meta commands of the suspend face, each in a test named after it, on a real server; and what they promise together. */
class MetaClientTest :
    FunSpec({
        val server = MemcachedServer.start()
        afterSpec { server.close() }

        lateinit var cache: MemcachedClient
        lateinit var meta: MetaClient
        beforeTest {
            cache = MemcachedClient(server.address().toString()) { requestTimeout = 10.seconds }
            cache.flushAll()
            meta = cache.meta()
        }
        afterTest { cache.close() }

        suspend fun cas(key: String) = cache.gets<String>(key)!!.cas

        test("get") {
            meta.get<String>("k") shouldBe MetaValue.Miss<String>()
            cache.set("k", "value", 100.seconds)
            val hit = meta.get<String>("k").shouldBeInstanceOf<MetaValue.Hit<String>>().item()
            hit.value shouldBe "value"
            hit.cas shouldBe cas("k")
            hit.hitBefore shouldBe false
            hit.size shouldBe 5
            val touching = MetaGet.plain().touch(Expiry.after(500.seconds.toJavaDuration()))
            meta.get("k", ValueType.of(String::class.java), touching)
            (meta.get<String>("k").item()!!.ttl!!.seconds in 490..500) shouldBe true
            cache.set("k", "value")
            meta.get<String>("k", MetaGet.plain().withoutBump()).item()!!.hitBefore shouldBe false
            meta.get<String>("k").item()!!.hitBefore shouldBe false
            meta.get<String>("k").item()!!.hitBefore shouldBe true
            shouldThrow<IllegalRequestException> { MetaGet.plain().recache((-1).seconds.toJavaDuration()) }
        }

        test("one caller wins a missing value, the others see that it is being made") {
            val win = meta.get<String>("k", LEASE).shouldBeInstanceOf<MetaValue.Win<String>>()
            win.item().shouldBeNull()
            win.stale() shouldBe false
            meta.get<String>("k", LEASE) shouldBe MetaValue.Won<String>(null)
            meta.get<String>("k") shouldBe MetaValue.Won<String>(null)
            meta.set("k", "made", MetaSet.plain().compareCas(win.cas())).isStored shouldBe true
            meta.get<String>("k", LEASE).shouldBeInstanceOf<MetaValue.Hit<String>>().item().value shouldBe "made"
        }

        test("a winner that gives up lets another one win, and a late one cannot store") {
            val first = meta.get<String>("k", LEASE).shouldBeInstanceOf<MetaValue.Win<String>>()
            meta.delete("k", MetaDelete.plain().compareCas(first.cas() + 1)) shouldBe MetaStatus.EXISTS
            meta.delete("k", MetaDelete.plain().compareCas(first.cas())) shouldBe MetaStatus.DONE
            meta.get<String>("k", LEASE).shouldBeInstanceOf<MetaValue.Win<String>>()
            meta.set("k", "late", MetaSet.plain().compareCas(first.cas())) shouldBe MetaStored(MetaStatus.EXISTS, null)
        }

        test("one caller wins a stale value, the others may use it") {
            cache.set("k", "old")
            cache.markStale("k", 1.minutes) shouldBe true
            val win = meta.get<String>("k").shouldBeInstanceOf<MetaValue.Win<String>>()
            win.stale() shouldBe true
            win.item()!!.value shouldBe "old"
            meta.get<String>("k").shouldBeInstanceOf<MetaValue.Stale<String>>().item().value shouldBe "old"
        }

        test("one caller wins a value that will expire soon") {
            cache.set("k", "good", 60.seconds)
            meta.get<String>("k", MetaGet.plain().recache(30.seconds.toJavaDuration()))
                .shouldBeInstanceOf<MetaValue.Hit<String>>()
            val early = MetaGet.plain().recache(200.seconds.toJavaDuration())
            val win = meta.get<String>("k", early).shouldBeInstanceOf<MetaValue.Win<String>>()
            win.stale() shouldBe false
            win.item()!!.value shouldBe "good"
            meta.get<String>("k", early).shouldBeInstanceOf<MetaValue.Won<String>>().item()!!.value shouldBe "good"
        }

        test("set") {
            val stored = meta.set("k", "a")
            stored shouldBe MetaStored(MetaStatus.DONE, cas("k"))
            meta.set("k", "b", MetaSet.of(MetaSet.Mode.ADD)) shouldBe MetaStored(MetaStatus.NOT_STORED, null)
            meta.set("absent", "b", MetaSet.of(MetaSet.Mode.REPLACE)).status() shouldBe MetaStatus.NOT_STORED
            meta.set("k", "b", MetaSet.of(MetaSet.Mode.APPEND)).isStored shouldBe true
            meta.set("k", "c", MetaSet.of(MetaSet.Mode.PREPEND)).isStored shouldBe true
            cache.get<String>("k") shouldBe "cab"
            val old = cas("k")
            meta.set("k", "1", MetaSet.of(MetaSet.Mode.REPLACE).compareCas(old)).isStored shouldBe true
            meta.set("k", "2", MetaSet.plain().compareCas(old)).status() shouldBe MetaStatus.EXISTS
            meta.set("absent", "2", MetaSet.plain().compareCas(old)).status() shouldBe MetaStatus.NOT_FOUND
            meta.set("k", "3", MetaSet.plain().invalidateUnless(old)).isStored shouldBe true
            meta.get<String>("k").shouldBeInstanceOf<MetaValue.Win<String>>().stale() shouldBe true
            meta.set("t", "v", MetaSet.plain().expiry(Expiry.after(100.seconds.toJavaDuration())))
            cache.item<String>("t")!!.ttl.shouldNotBeNull()
            shouldThrow<IllegalRequestException> { MetaSet.of(MetaSet.Mode.ADD).vivify(1.seconds.toJavaDuration()) }
        }

        test("delete") {
            meta.delete("k") shouldBe MetaStatus.NOT_FOUND
            cache.set("k", "v")
            meta.delete("k", MetaDelete.plain().markStale(60.seconds.toJavaDuration())) shouldBe MetaStatus.DONE
            meta.get<String>("k").shouldBeInstanceOf<MetaValue.Win<String>>().item()!!.value shouldBe "v"
            meta.delete("k") shouldBe MetaStatus.DONE
            meta.get<String>("k") shouldBe MetaValue.Miss<String>()
            shouldThrow<IllegalRequestException> { meta.delete("k", MetaDelete.plain().newCas(1)) }
            val leftover = MetaDelete(null, null, false, Expiry.after(1.seconds.toJavaDuration()), true)
            shouldThrow<IllegalRequestException> { meta.delete("k", leftover) }
        }

        test("count") {
            meta.count("n", MetaCount.up(1)).status() shouldBe MetaStatus.NOT_FOUND
            val made = meta.count("n", MetaCount.up(1).createWith(5, Expiry.after(100.seconds.toJavaDuration())))
            made.value() shouldBe 5
            made.cas() shouldBe cas("n")
            val wrapped = meta.count("n", MetaCount.up(-1))
            wrapped.value() shouldBe 4 // 2^64 - 1 more
            wrapped.ttl().shouldNotBeNull()
            meta.count("n", MetaCount.down(9)).value() shouldBe 0
            val now = cas("n")
            meta.count("n", MetaCount.up(1).compareCas(now + 1)) shouldBe
                MetaCounted(MetaStatus.EXISTS, null, null, null)
            // memcached 1.6.18 does not always carry out the touch of a counter whose cas unique is compared
            meta.count("n", MetaCount.up(7).compareCas(now).touch(Expiry.never())).value() shouldBe 7
            cache.get<String>("n") shouldBe "7"
            cache.set("text", "no number")
            shouldThrow<NotANumberException> { meta.count("text", MetaCount.up(1)) }.key() shouldBe "text"
        }

        test("what the server is too old for is told before it is sent") {
            val calls =
                mapOf<String, suspend () -> Any?>(
                    "a cas unique of the caller's choice needs memcached >= 1.6.27" to
                        { meta.set("k", "v", MetaSet.plain().newCas(7)) },
                    "a cas unique of the caller's choice needs memcached >= 1.6.27 " to
                        { meta.count("k", MetaCount.up(1).newCas(7)) },
                    "an append that creates the item needs memcached >= 1.6.20" to
                        {
                            meta.set(
                                "k",
                                "v",
                                MetaSet.of(MetaSet.Mode.APPEND).vivify(60.seconds.toJavaDuration()),
                            )
                        },
                    "removing the value alone needs memcached >= 1.6.27" to
                        { meta.delete("k", MetaDelete.plain().removeValue()) },
                )
            for ((message, call) in calls) {
                val e = shouldThrow<UnsupportedByServerException> { call() }
                e.message!! shouldStartWith message.trim() + ", server is 1.6.18"
                e.delivery() shouldBe Delivery.NOT_SENT
                e.key() shouldBe "k"
                e.server() shouldBe server.address()
            }
            cache.get<String>("k").shouldBeNull()
        }

        test("a newer server is asked for its version once, and gets the new flags") {
            HostileServer.start().use { newer ->
                newer.on("version") { turn -> turn.send("VERSION 1.6.31\r\n") }
                newer.on("ms") { turn -> turn.send("HD c77 O${turn.request().metaFlag('O')}\r\n") }
                MemcachedClient(newer.address().toString()).use { client ->
                    val options = MetaSet.of(MetaSet.Mode.APPEND).newCas(77).vivify(60.seconds.toJavaDuration())
                    client.meta().set("k", "v", options) shouldBe MetaStored(MetaStatus.DONE, 77)
                    client.meta().set("k", "v", options)
                    newer.on("md") { turn -> turn.send("HD O${turn.request().metaFlag('O')}\r\n") }
                    client.meta().delete("k", MetaDelete.plain().removeValue().newCas(5)) shouldBe MetaStatus.DONE
                    client.meta().delete("k", MetaDelete.plain().newCas(5).removeValue()) shouldBe MetaStatus.DONE
                    client.meta().delete("k", MetaDelete.plain().newCas(5).markStale()) shouldBe MetaStatus.DONE
                    newer.lines().filter { it.startsWith("md") }.map { it.substringBefore(" O") } shouldBe
                        listOf("md k E5 x", "md k E5 x", "md k E5 I")
                    newer.lines().count { it == "version" } shouldBe 1
                    newer.lines().last { it.startsWith("ms") } shouldStartWith "ms k 1 c MA E77 N60 O"
                }
            }
        }

        test("the classic text protocol refuses, and nothing is sent") {
            HostileServer.start().use { other ->
                MemcachedClient(other.address().toString()) { protocol = Protocol.TEXT }.use { text ->
                    val calls =
                        listOf<suspend () -> Any?>(
                            { text.meta().get<String>("k") },
                            { text.meta().set("k", "v") },
                            { text.meta().delete("k") },
                            { text.meta().count("k", MetaCount.up(1)) },
                        )
                    for (call in calls) {
                        val e = shouldThrow<ProtocolException> { call() }
                        e.delivery() shouldBe Delivery.NOT_SENT
                        e.message!! shouldContain "the classic text protocol has no meta commands"
                    }
                    other.lines().joinToString() shouldNotContain "mg"
                }
            }
        }
    })
