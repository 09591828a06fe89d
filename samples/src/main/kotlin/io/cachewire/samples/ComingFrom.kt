package io.cachewire.samples

import io.cachewire.CasResult
import io.cachewire.Expiry
import io.cachewire.FailureMode
import io.cachewire.IllegalKeyException
import io.cachewire.Key
import io.cachewire.KeyEncoding
import io.cachewire.KeyRules
import io.cachewire.MemcachedClient
import io.cachewire.Protocol
import io.cachewire.add
import io.cachewire.cas
import io.cachewire.get
import io.cachewire.getAll
import io.cachewire.gets
import io.cachewire.replace
import io.cachewire.routing.CommonHash
import io.cachewire.routing.PythonMemcachedLocator
import io.cachewire.routing.RoutingPreset
import io.cachewire.serde.Compression
import io.cachewire.serialization.java.JavaSerde
import io.cachewire.serialization.json.JsonSerde
import io.cachewire.set
import io.cachewire.setAll
import io.cachewire.setAllResults
import io.cachewire.update
import io.cachewire.valueType
import java.time.Instant
import java.util.UUID
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** The right-hand sides of `docs/coming-from.md`; what must hold of them is checked on the way. */
internal object ComingFrom {
    fun settings(): List<MemcachedClient> {
        val ids = mapOf(UUID(0, 1) to User(1, "Ada"))
        val weighted = MemcachedClient("10.0.0.1:11211", "10.0.0.2:11211:2")
        val sockets = MemcachedClient("/run/memcached.sock", "cache-2:11211")
        val configured =
            MemcachedClient("cache-1:11211") {
                serde = JsonSerde()
                serdes = listOf(JsonSerde(), JavaSerde.allowing("com.example.**"))
                compression = Compression.zlib(1024, 6)
                defaultTtl = 300.seconds
                connectTimeout = 500.milliseconds
                requestTimeout = 250.milliseconds
                stallTimeout = 2.seconds
                backoff(first = 50.milliseconds, longest = 2.seconds)
                failureMode = FailureMode.MISS
                keyEncoding = KeyEncoding.UTF8
                protocol = Protocol.TEXT
                maxValueBytes = 4 shl 20
                locator = RoutingPreset.PYTHON_MEMCACHED
                locator = PythonMemcachedLocator.over(CommonHash.CRC32)
                locator = RoutingPreset.MOECACHE
                namespace = "users:"
            }
        val failingOver =
            MemcachedClient("cache-1:11211", "cache-2:11211") {
                protocol = Protocol.BINARY
                failureMode = FailureMode.REHASH
                failureLimit = 3
                locator = RoutingPreset.DEFAULT.ejecting()
            }
        val persistentIds =
            JavaSerde.allowing("com.example.**").replacing { it }.resolving { ids[it] ?: it }
        check(persistentIds.decodes(7))
        return listOf(weighted, sockets, configured, failingOver)
    }

    fun copy(cache: MemcachedClient): MemcachedClient = cache.copy { requestTimeout = 2.seconds }

    suspend fun strings(cache: MemcachedClient) {
        cache.set("k", "v", ttl = 60.seconds)
        cache.set("k", "v", Expiry.at(Instant.parse("2030-01-01T00:00:00Z")))
        check(cache.get<String>("k") == "v")
        val value = cache.get<String>("absent") ?: "default"
        check(value == "default")
        check(!cache.add("k", "v"))
        check(cache.replace("k", "v"))
        check(cache.append("k", "x"))
        check(cache.prepend("k", "x"))
        check(cache.get<String>("k") == "xvx")
        check(cache.touch("k", 60.seconds))
        val held = cache.gets<String>("k")
        if (held != null) check(cache.cas("k", "v", held.cas) == CasResult.STORED)
        check(cache.update<String>("k") { old -> old + "!" } == "v!")
        check(cache.markStale("k", 30.seconds))
        check(cache.delete("k"))
        check(!cache.delete("k"))
    }

    suspend fun placement(cache: MemcachedClient) {
        cache.set(Key("k", hash = 7), "v")
        check(cache.get<String>(Key("k", hash = 7)) == "v")
        cache.set(Key("k", routing = "tenant-7"), "v")
        check(cache.get<String>(Key("k", routing = "tenant-7")) == "v")
    }

    suspend fun severalKeys(cache: MemcachedClient) {
        check(cache.setAll(mapOf("a" to "1", "b" to "2"), ttl = 60.seconds).isEmpty())
        check(cache.setAllResults(mapOf("a" to "1", "b" to "2")).noFailures())
        check(cache.getAll<String>(listOf("a", "b", "c")) == mapOf("a" to "1", "b" to "2"))
        cache.set("user:1", "Ada")
        check(cache.namespace("user:").getAll<String>(listOf("1", "2")) == mapOf("1" to "Ada"))
        check(cache.getAll<String, Int>(listOf(1, 2)) { "user:$it" } == mapOf(1 to "Ada"))
        check(cache.getsAll(listOf("a", "b"), valueType<String>()).size == 2)
        check(cache.deleteAll(listOf("a", "b", "c")) == setOf("a", "b"))
        check(!cache.deleteAllResults(listOf("a", "b")).allDeleted())
    }

    suspend fun counters(cache: MemcachedClient) {
        check(cache.increment("n") == null)
        check(cache.increment("n", by = 1, initial = 1, ttl = 300.seconds) == 1L)
        check(cache.increment("n", by = 10) == 11L)
        check(cache.decrement("n", by = 100) == 0L)
    }

    suspend fun servers(cache: MemcachedClient) {
        check(cache.stats().isNotEmpty())
        check(cache.stats("slabs").isNotEmpty())
        check(cache.version().isNotEmpty())
        cache.verbosity(1)
        cache.flushAll(delay = 10.seconds)
        cache.flushAll()
        cache.disconnectAll()
        cache.forgetDeadServers()
    }

    /** The servers are none that exist, so nothing is sent afterwards. */
    fun otherServers(cache: MemcachedClient) {
        cache.cluster().setServers("10.0.0.1:11211", "10.0.0.3:11211")
    }

    fun keys(): IllegalKeyException.Reason? = try {
        KeyRules.check("two words", 6)
        null
    } catch (e: IllegalKeyException) {
        e.reason()
    }
}
