package io.cachewire.internal.cluster

import io.cachewire.ClientClosedException
import io.cachewire.ConnectionLostException
import io.cachewire.DataBlock
import io.cachewire.FailureMode
import io.cachewire.IllegalRequestException
import io.cachewire.Key
import io.cachewire.MemcachedClient
import io.cachewire.MemcachedException.Delivery
import io.cachewire.PartialResultException
import io.cachewire.ServerAddress
import io.cachewire.fixture.MemcachedServer
import io.cachewire.get
import io.cachewire.getAll
import io.cachewire.routing.RoutingPreset
import io.cachewire.set
import io.cachewire.setAll
import io.cachewire.valueType
import io.kotest.assertions.nondeterministic.eventually
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldNotBeEmpty
import io.kotest.matchers.longs.shouldBeLessThan
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds
import kotlin.time.measureTime

/** Several servers: where keys go, and what a dead one does to the others. */
class ClusterTest :
    FunSpec({
        val servers = List(3) { MemcachedServer.start() }
        val addresses = servers.map { it.address().toString() }.toTypedArray()
        val cache = MemcachedClient(*addresses) { backoff(10.milliseconds, 100.milliseconds) }
        val alone = servers.map { MemcachedClient(it.address().toString()) }
        afterSpec {
            cache.close()
            alone.forEach { it.close() }
            servers.forEach { it.close() }
        }

        suspend fun holders(key: String) = alone.indices.filter { alone[it].get<String>(key) != null }

        test("each key is on the server that the ring names, and only there") {
            val locator = RoutingPreset.DEFAULT.build(servers.map { it.address() })
            val keys = List(200) { "key:$it" }
            cache.setAll(keys.associateWith { "v$it" }) shouldBe emptySet()
            for (key in keys) {
                holders(key) shouldBe listOf(locator.locate(DataBlock.ofUtf8(key)))
            }
            cache.getAll<String>(keys) shouldBe keys.associateWith { "v$it" }
        }

        test("keys with one routing text live together, and an explicit hash chooses the server") {
            val together = List(20) { Key("member:$it", routing = "tenant-7") }
            together.forEach { cache.set(it, "v") }
            together.flatMap { holders(it.name()) }.distinct().size shouldBe 1
            val hashed = Key("placed", hash = 42)
            cache.set(hashed, "v")
            holders("placed") shouldBe listOf(RoutingPreset.DEFAULT.build(servers.map { it.address() }).locateHash(42))
        }

        test("server commands reach every server") {
            cache.version().keys shouldBe servers.map { it.address() }.toSet()
            cache.flushAll()
            alone.forEach { it.get<String>("key:1") shouldBe null }
        }

        test("several connections to one server") {
            MemcachedClient(addresses[0]) { connectionsPerServer = 4 }.use { many ->
                val keys = List(500) { "many:$it" }
                keys.forEach { many.set(it, it) }
                keys.forEach { many.get<String>(it) shouldBe it }
            }
        }

        test("a dead server fails its keys at once and explicitly, the others answer, and it comes back") {
            val keys = List(60) { "dead:$it" }
            val locator = RoutingPreset.DEFAULT.build(servers.map { it.address() })
            val (lost, kept) = keys.partition { locator.locate(DataBlock.ofUtf8(it)) == 1 }
            lost.shouldNotBeEmpty()
            cache.setAll(keys.associateWith { "v" }) shouldBe emptySet()
            servers[1].kill()

            val results = cache.getAllResults(keys, valueType<String>())
            results.hits.keys shouldBe kept.toSet()
            results.missing shouldBe emptySet()
            results.failed.keys shouldBe lost.toSet()
            shouldThrow<PartialResultException> { cache.getAll<String>(keys) }.results().size() shouldBe 60
            cache.setAll(keys.associateWith { "w" }) shouldBe lost.toSet()

            val failure = shouldThrow<ConnectionLostException> { cache.get<String>(lost[0]) }
            failure.message!! shouldContain addresses[1]
            failure.message!! shouldContain lost[0]
            failure.delivery() shouldBe Delivery.NOT_SENT
            measureTime { runCatching { cache.get<String>(lost[0]) } }.inWholeMilliseconds shouldBeLessThan 300L
            kept.forEach { cache.get<String>(it) shouldBe "w" }

            servers[1].restart()
            eventually(5.seconds) { cache.get<String>(lost[0]) shouldBe null }
            cache.set(lost[0], "again")
            cache.get<String>(lost[0]) shouldBe "again"
        }

        test("failed reads look like misses when the client asks for it, failed writes do not") {
            val nobody = MemcachedServer.start().also { it.close() }.address().toString()
            MemcachedClient(nobody) { failureMode = FailureMode.MISS }.use { lenient ->
                lenient.get<String>("k") shouldBe null
                lenient.getAll<String>(listOf("a", "b")) shouldBe emptyMap()
                shouldThrow<ConnectionLostException> { lenient.set("k", "v") }
            }
        }

        test("a closed client refuses calls, and closing again does nothing") {
            val closing = MemcachedClient(*addresses)
            closing.set("k", "v")
            closing.close()
            closing.close()
            shouldThrow<ClientClosedException> { closing.get<String>("k") }.delivery() shouldBe Delivery.NOT_SENT
            shouldThrow<ClientClosedException> { closing.fireAndForget().set("k", "v") }
            shouldThrow<ClientClosedException> { closing.getAllResults(listOf("a", "b"), valueType<String>()) }
        }

        test("a client needs servers, and each only once") {
            shouldThrow<IllegalRequestException> { MemcachedClient() }
            shouldThrow<IllegalRequestException> { MemcachedClient("a:1", "a:1") }
            MemcachedClient("a:1", "a:2") { this.servers = listOf(ServerAddress("b", 1, 2)) }.use {
                it.settings().servers() shouldBe listOf(ServerAddress("b", 1, 2))
            }
        }
    })
