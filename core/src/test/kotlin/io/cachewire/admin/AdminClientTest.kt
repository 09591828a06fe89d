package io.cachewire.admin

import io.cachewire.CommandRefusedException
import io.cachewire.CommandRefusedException.Reason
import io.cachewire.ConnectionLostException
import io.cachewire.IllegalKeyException
import io.cachewire.IllegalRequestException
import io.cachewire.MemcachedClient
import io.cachewire.PartialResultException
import io.cachewire.Protocol
import io.cachewire.RequestTimeoutException
import io.cachewire.ServerAddress
import io.cachewire.ServerCapability
import io.cachewire.ServerErrorException
import io.cachewire.cas
import io.cachewire.fixture.MemcachedServer
import io.cachewire.get
import io.cachewire.gets
import io.cachewire.item
import io.cachewire.reliability.attempt
import io.cachewire.set
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContain
import io.kotest.matchers.comparables.shouldBeGreaterThan
import io.kotest.matchers.maps.shouldContainKey
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNotBe
import io.kotest.matchers.string.shouldStartWith
import io.kotest.matchers.types.shouldBeInstanceOf
import kotlinx.coroutines.delay
import kotlinx.coroutines.withTimeout
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

/** The server commands of the suspend face, each in a test named after it; the streams have a class of their own. */
class AdminClientTest :
    FunSpec({
        val server = MemcachedServer.start()
        afterSpec { server.close() }

        fun client(address: String, dialect: Protocol) = MemcachedClient(address) {
            protocol = dialect
            requestTimeout = 10.seconds
            backoff(1.minutes, 1.minutes)
        }

        for (dialect in listOf(Protocol.META, Protocol.TEXT)) {
            context("$dialect") {
                lateinit var cache: MemcachedClient
                lateinit var admin: AdminClient
                beforeTest {
                    cache = client(server.address().toString(), dialect)
                    cache.flushAll()
                    admin = cache.admin()
                }
                afterTest { cache.close() }

                suspend fun settings() = admin.statsSettings().getValue(server.address())

                suspend fun refusal(call: suspend () -> Unit): Reason =
                    shouldThrow<PartialResultException> { call() }.cause.shouldBeInstanceOf<CommandRefusedException>()
                        .reason()

                /** A crawler that is about to stop cannot be started, and memcached says so. */
                // the server answers before its crawler has ended
                suspend fun stopCrawler() = withTimeout(20.seconds) {
                    admin.disableCrawler()
                    while (settings().lruCrawler() != false) delay(2.milliseconds)
                }

                suspend fun startCrawler() = withTimeout(20.seconds) {
                    while (attempt { admin.enableCrawler() }.failure != null) delay(2.milliseconds)
                }

                test("on") {
                    MemcachedServer.start().use { other ->
                        MemcachedClient(server.address().toString(), other.address().toString()).use { two ->
                            two.admin().version().keys shouldBe setOf(server.address(), other.address())
                            val one = two.admin().on(other.address())
                            one.version().keys shouldBe setOf(other.address())
                            one.stats().getValue(other.address()).pid() shouldNotBe
                                admin.stats().getValue(server.address()).pid()
                        }
                    }
                    shouldThrow<IllegalRequestException> { admin.on(ServerAddress("localhost", 1)) }
                }

                test("stats") {
                    cache.set("k", "v")
                    val stats = admin.stats().getValue(server.address())
                    stats.cmdSet()!! shouldBeGreaterThan 0
                    stats.version() shouldBe stats.raw()["version"]
                    stats.uptime()!!.seconds.toString() shouldBe stats.raw()["uptime"]
                }

                test("statsSettings") {
                    settings().maxConnections() shouldBe 1024
                    settings().evictions() shouldBe true
                    settings().raw()["evictions"] shouldBe "on"
                }

                test("statsItems") {
                    cache.set("k", "v")
                    val items = admin.statsItems().getValue(server.address()).getValue(1)
                    items.number()!! shouldBeGreaterThan 0
                    items.raw()["number"] shouldBe items.number().toString()
                }

                test("statsSlabs") {
                    cache.set("k", "v")
                    val slabs = admin.statsSlabs().getValue(server.address())
                    slabs.activeSlabs()!!.toInt() shouldBe slabs.classes().size
                    slabs.classes().getValue(1).chunkSize() shouldBe 96
                }

                test("statsSizes") {
                    admin.enableSizes()
                    cache.set("sized", "v")
                    val sizes = admin.statsSizes().getValue(server.address())
                    sizes.enabled() shouldBe true
                    sizes.counts().values.sum() shouldBeGreaterThan 0
                    admin.disableSizes()
                    admin.statsSizes().getValue(server.address()).enabled() shouldBe false
                }

                test("enableSizes") {
                    admin.enableSizes()
                    admin.statsSizes().getValue(server.address()).enabled() shouldBe true
                }

                test("disableSizes") {
                    admin.disableSizes()
                    admin.statsSizes().getValue(server.address()).enabled() shouldBe false
                }

                test("statsConnections") {
                    val sockets = admin.statsConnections().getValue(server.address()).values
                    sockets.map { it.listenAddress() } shouldContain "tcp:${server.address()}"
                    sockets.forEach { it.state()!! shouldStartWith "conn_" }
                }

                test("resetStats") {
                    cache.set("k", "v")
                    admin.resetStats()
                    admin.stats().getValue(server.address()).cmdSet() shouldBe 0
                }

                test("version") {
                    admin.version().getValue(server.address()).toString() shouldBe
                        cache.version().getValue(server.address())
                }

                test("capabilities") {
                    val found = admin.capabilities().getValue(server.address())
                    for (capability in ServerCapability.entries) {
                        found.has(capability) shouldBe capability.isIn(found.version()!!)
                    }
                }

                test("noop") {
                    admin.noop()
                    client("127.0.0.1:1", dialect).use { dead ->
                        shouldThrow<PartialResultException> { dead.admin().noop() }.cause
                            .shouldBeInstanceOf<ConnectionLostException>()
                    }
                }

                test("flushAll") {
                    cache.set("k", "v")
                    admin.flushAll(1.hours)
                    cache.get<String>("k") shouldBe "v"
                    admin.flushAll()
                    cache.get<String>("k").shouldBeNull()
                }

                test("verbosity") {
                    admin.verbosity(1)
                    settings().verbosity() shouldBe 1
                    admin.verbosity(0)
                    shouldThrow<IllegalRequestException> { admin.verbosity(-1) }
                }

                test("reassignSlab") {
                    cache.set("k", "v")
                    refusal { admin.reassignSlab(-1, 200) } shouldBe Reason.BAD_CLASS
                    refusal { admin.reassignSlab(1, 1) } shouldBe Reason.SAME
                    shouldThrow<IllegalRequestException> { admin.reassignSlab(-2, 1) }
                }

                test("automoveSlabs") {
                    for (mode in SlabAutomove.entries) {
                        admin.automoveSlabs(mode)
                        settings().slabAutomove()!!.toInt() shouldBe mode.ordinal
                    }
                    admin.automoveSlabs(SlabAutomove.ON)
                }

                test("tuneLru") {
                    admin.tuneLru(LruTuning(12, 27, 0.2, 1.5))
                    settings().raw()["hot_lru_pct"] shouldBe "12"
                    settings().raw()["warm_max_factor"] shouldBe "1.50"
                    shouldThrow<IllegalRequestException> { LruTuning(1, 1, 0.0, Double.NaN) }
                }

                test("lruMode") {
                    admin.lruMode(LruMode.FLAT)
                    settings().raw()["lru_segmented"] shouldBe "no"
                    admin.lruMode(LruMode.SEGMENTED)
                    settings().raw()["lru_segmented"] shouldBe "yes"
                }

                test("lruTemporaryTtl") {
                    admin.lruTemporaryTtl(78.seconds)
                    settings().raw()["temporary_ttl"] shouldBe "78"
                    admin.lruTemporaryTtl(null)
                    settings().raw()["temp_lru"] shouldBe "no"
                    shouldThrow<IllegalRequestException> { admin.lruTemporaryTtl((-1).seconds) }
                }

                test("enableCrawler") {
                    stopCrawler()
                    startCrawler()
                    settings().lruCrawler() shouldBe true
                }

                test("disableCrawler") {
                    stopCrawler()
                    settings().lruCrawler() shouldBe false
                    startCrawler()
                }

                test("crawlerSleep") {
                    admin.crawlerSleep(2.milliseconds)
                    settings().raw()["lru_crawler_sleep"] shouldBe "2000"
                    admin.crawlerSleep(100.milliseconds / 1000)
                    shouldThrow<IllegalRequestException> { admin.crawlerSleep(1001.milliseconds) }
                }

                test("crawlerLimit") {
                    admin.crawlerLimit(4321)
                    settings().raw()["lru_crawler_tocrawl"] shouldBe "4321"
                    admin.crawlerLimit(0)
                    shouldThrow<IllegalRequestException> { admin.crawlerLimit(-1) }
                }

                test("crawl") {
                    admin.crawl()
                    refusal { admin.crawl(SlabClasses.of(250)) } shouldBe Reason.BAD_CLASS
                    shouldThrow<IllegalRequestException> { admin.crawl(SlabClasses.hash()) }
                    shouldThrow<IllegalRequestException> { SlabClasses.of(0) }
                }

                test("cacheMemoryLimit") {
                    admin.cacheMemoryLimit(80)
                    settings().maxBytes() shouldBe (80L shl 20)
                    refusal { admin.cacheMemoryLimit(1) } shouldBe Reason.LIMIT_TOO_SMALL
                    shouldThrow<IllegalRequestException> { admin.cacheMemoryLimit(0) }
                }

                test("shutdown") {
                    shouldThrow<PartialResultException> { admin.shutdown() }.cause
                        .shouldBeInstanceOf<ServerErrorException>()
                    MemcachedServer.start("-A").use { mortal ->
                        client(mortal.address().toString(), dialect).use {
                            it.admin().shutdown()
                            shouldThrow<PartialResultException> { while (true) it.admin().noop() }
                        }
                    }
                }

                test("debugItem") {
                    cache.namespace("n:").set("k", "value", ttl = 100.seconds)
                    val item = cache.namespace("n:").admin().debugItem("k").shouldNotBeNull()
                    item.raw() shouldStartWith "ME n:k "
                    item.cas() shouldBe cache.gets<String>("n:k")!!.cas
                    item.fetched() shouldBe false
                    admin.debugItem("n:k")!!.fetched() shouldBe true
                    admin.debugItem("absent").shouldBeNull()
                    shouldThrow<IllegalKeyException> { admin.debugItem("a\r\nb") }
                }

                test("command") {
                    admin.command(server.address(), "verbosity 0") shouldBe listOf("OK")
                    admin.command(server.address(), "stats settings").last() shouldBe "END"
                    admin.command(server.address(), "stats sizes_enable") shouldBe listOf("STAT sizes_status enabled")
                    admin.command(server.address(), "lru_crawler metadump all").last() shouldBe "END"
                    val refused =
                        listOf(
                            "",
                            "stats\r\nflush_all",
                            "a\nb",
                            "a\u0000b",
                            "a\u0085",
                            "set k 0 0 1",
                            "gets k",
                            "watch",
                        ) +
                            listOf("quit", "incr k 1 noreply", "x".repeat(2001), " stats")
                    for (line in refused) {
                        shouldThrow<IllegalRequestException> { admin.command(server.address(), line) }
                    }
                    shouldThrow<IllegalRequestException> { admin.command(ServerAddress("localhost", 1), "stats") }
                    // this one is answered by nothing: the time limit ends the call, and the other connections do not notice
                    val hasty = cache.withRequestTimeout(200.milliseconds).admin()
                    cache.set("quiet", "v")
                    shouldThrow<RequestTimeoutException> { hasty.command(server.address(), "md quiet q") }
                    cache.version() shouldContainKey server.address()
                }
            }
        }
    })
