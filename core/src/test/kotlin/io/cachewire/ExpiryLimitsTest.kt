package io.cachewire

import io.cachewire.fixture.MemcachedServer
import io.cachewire.meta.MetaCount
import io.cachewire.meta.MetaGet
import io.cachewire.meta.MetaSet
import io.cachewire.meta.MetaValue
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeInstanceOf
import java.time.Duration
import java.time.Instant
import kotlin.time.Duration.Companion.days
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds
import kotlin.time.toKotlinDuration

/** What is stored with a far expiry is there: a server counts to 2038-01-19T03:14:07Z, and loses what is to live longer. */
class ExpiryLimitsTest :
    FunSpec({
        val server = MemcachedServer.start()
        afterSpec { server.close() }

        // years from now; the last but one ends in 2038 for some, the others beyond
        val far = listOf(4200.days, 4380.days, 7300.days, 20_000.days, Int.MAX_VALUE.seconds)

        for (dialect in listOf(Protocol.META, Protocol.TEXT, Protocol.BINARY)) {
            for (ttl in far) {
                test("items that live for $ttl are there, $dialect") {
                    val client = MemcachedClient(server.address().toString()) { protocol = dialect }
                    client.use { cache ->
                        val expiry = Expiry.after(Duration.ofSeconds(ttl.inWholeSeconds))
                        val writes =
                            mapOf<String, suspend (String) -> Unit>(
                                "set" to { cache.set(it, "v", expiry) },
                                "add" to { cache.add(it, typed("v"), expiry) },
                                "replace" to {
                                    cache.set(it, "old")
                                    cache.replace(it, typed("v"), expiry) shouldBe true
                                },
                                "cas" to {
                                    cache.set(it, "old")
                                    cache.cas(it, typed("v"), cache.gets<String>(it)!!.cas, expiry) shouldBe
                                        CasResult.STORED
                                },
                                "update" to { cache.update(it, ValueType.of(String::class.java), expiry) { "v" } },
                                "setAll" to { cache.setAll(mapOf(it to typed("v"), "$it-2" to typed("v")), expiry) },
                                "touch" to {
                                    cache.set(it, "v", ttl = 100.seconds)
                                    cache.touch(it, expiry) shouldBe true
                                },
                                "getAndTouch" to {
                                    cache.set(it, "v", ttl = 100.seconds)
                                    cache.getAndTouch(it, ValueType.of(String::class.java), expiry) shouldBe "v"
                                },
                                "fireAndForget" to {
                                    cache.fireAndForget().set(it, "v", expiry)
                                    cache.version()
                                },
                                "fireAndForget touch" to { key ->
                                    cache.set(key, "v", ttl = 100.seconds)
                                    cache.fireAndForget().touch(key, expiry)
                                    cache.version()
                                },
                                "a default" to { key ->
                                    cache.copy { defaultTtl = ttl }.use { it.set(key, "v") }
                                },
                            )
                        for ((name, write) in writes) {
                            withClue(name) {
                                val key = name.replace(' ', '-')
                                cache.delete(key)
                                write(key)
                                cache.get<String>(key) shouldBe "v"
                            }
                        }
                        cache.flushAll()
                    }
                }
            }
        }

        test("meta commands with a far expiry keep their items") {
            MemcachedClient(server.address().toString()) { protocol = Protocol.META }.use { cache ->
                for (ttl in far) {
                    withClue(ttl) {
                        val expiry = Expiry.after(Duration.ofSeconds(ttl.inWholeSeconds))
                        cache.flushAll()
                        cache.meta().set("set", "v", MetaSet.plain().expiry(expiry))
                        cache.meta().get<String>("set", MetaGet.plain().touch(expiry))
                        cache.get<String>("set") shouldBe "v"
                        cache.increment("count", 1, initial = 7, ttl = ttl) shouldBe 7
                        cache.increment("count") shouldBe 8
                        cache.meta().count("meta-count", MetaCount.up(1).createWith(7, expiry))
                        cache.meta().count("meta-count", MetaCount.up(1).touch(expiry)).value shouldBe 8
                        val lease = MetaGet.plain().vivify(Duration.ofSeconds(ttl.inWholeSeconds))
                        cache.meta().get<String>("lease", lease).shouldBeInstanceOf<MetaValue.Win<String>>()
                        cache.meta().get<String>("lease", lease).shouldBeInstanceOf<MetaValue.Won<String>>()
                        cache.set("stale", "v")
                        cache.markStale("stale", ttl) shouldBe true
                        cache.get<String>("stale") shouldBe "v"
                        cache.flushAll(ttl)
                        cache.get<String>("set") shouldBe "v"
                    }
                }
            }
        }

        test("a threshold for recaching above 30 days is one") {
            MemcachedClient(server.address().toString()) { protocol = Protocol.META }.use { cache ->
                cache.flushAll()
                cache.set("k", "v", ttl = 35.days)
                val threshold = MetaGet.plain().recache(Duration.ofDays(40))
                cache.meta().get<String>("k", threshold).shouldBeInstanceOf<MetaValue.Win<String>>()
                cache.set("later", "v", ttl = 50.days)
                cache.meta().get<String>("later", threshold).shouldBeInstanceOf<MetaValue.Hit<String>>()
                cache.set("soon", "v", ttl = 1.seconds)
                val half = MetaGet.plain().recache(Duration.ofMillis(1500))
                cache.meta().get<String>("soon", half).shouldBeInstanceOf<MetaValue.Win<String>>()
            }
        }

        test("a fraction of a second is rounded up, also that of an instant") {
            MemcachedClient(server.address().toString()) { protocol = Protocol.META }.use { cache ->
                cache.set("k", "v", ttl = 1.milliseconds)
                cache.item<String>("k").shouldNotBeNull().ttl!!.toKotlinDuration() shouldBe 1.seconds
                cache.set("k", "v", ttl = 99_500.milliseconds)
                cache.item<String>("k").shouldNotBeNull().ttl!!.seconds shouldBe 100
                val now = Instant.now()
                cache.set("at", "v", Expiry.at(now.plusSeconds(1000).minusNanos(now.nano.toLong()).plusNanos(1)))
                (cache.item<String>("at").shouldNotBeNull().ttl!!.seconds >= 1000) shouldBe true
            }
        }
    })
