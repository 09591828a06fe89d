package io.cachewire.reliability

import io.cachewire.MemcachedClient
import io.cachewire.fixture.MemcachedServer
import io.cachewire.get
import io.cachewire.meta.MetaDelete
import io.cachewire.meta.MetaGet
import io.cachewire.meta.MetaSet
import io.cachewire.meta.MetaStatus
import io.cachewire.meta.MetaValue
import io.cachewire.set
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeInstanceOf
import java.time.Duration
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

private val LEASE = MetaGet.plain().vivify(Duration.ofSeconds(30))

/** Whose turn it is to make a value anew. */
class LeaseTest :
    FunSpec({
        val server = MemcachedServer.start()
        afterSpec { server.close() }
        lateinit var cache: MemcachedClient
        beforeTest {
            cache = client(server.address()) { requestTimeout = 10.seconds }
            cache.flushAll()
        }
        afterTest { cache.close() }

        test("F59 of a hundred callers exactly one wins a missing value, and one a stale one") {
            repeat(20) { round ->
                val missing = many(100) { cache.meta().get<String>("missing-$round", LEASE) }.map { it.value!! }
                missing.count { it is MetaValue.Win } shouldBe 1
                missing.count { it == MetaValue.Won<String>(null) } shouldBe 99

                cache.set("stale-$round", "old")
                cache.markStale("stale-$round", 1.minutes)
                val stale = many(100) { cache.meta().get<String>("stale-$round") }.map { it.value!! }
                stale.count { it is MetaValue.Win && it.stale() } shouldBe 1
                stale.count { it is MetaValue.Stale } shouldBe 99
                stale.forEach { it.item()!!.value shouldBe "old" }
            }
        }

        test("F59 a winner that gives up does not block the key, and a late one does not store") {
            val first = cache.meta().get<String>("k", LEASE).shouldBeInstanceOf<MetaValue.Win<String>>()
            cache.meta().delete("k", MetaDelete.plain().compareCas(first.cas())) shouldBe MetaStatus.DONE
            val second = cache.meta().get<String>("k", LEASE).shouldBeInstanceOf<MetaValue.Win<String>>()
            val late = MetaSet.plain().compareCas(first.cas())
            cache.meta().set("k", "late", late).status() shouldBe MetaStatus.EXISTS
            cache.meta().set("k", "made", MetaSet.plain().compareCas(second.cas())).isStored shouldBe true
            cache.get<String>("k") shouldBe "made"
        }
    })
