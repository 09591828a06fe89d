package io.cachewire.samples

import io.cachewire.CasResult
import io.cachewire.ConnectionLostException
import io.cachewire.Expiry
import io.cachewire.FailureMode
import io.cachewire.Item
import io.cachewire.MemcachedClient
import io.cachewire.MemcachedException
import io.cachewire.MemcachedException.Delivery
import io.cachewire.OverloadedException
import io.cachewire.PartialResultException
import io.cachewire.RequestTimeoutException
import io.cachewire.cas
import io.cachewire.get
import io.cachewire.getAll
import io.cachewire.getAndTouch
import io.cachewire.gets
import io.cachewire.item
import io.cachewire.routing.RoutingPreset
import io.cachewire.serde.Compression
import io.cachewire.serialization.json.JsonSerde
import io.cachewire.set
import io.cachewire.setAll
import io.cachewire.setAllResults
import io.cachewire.typed
import io.cachewire.update
import io.cachewire.valueType
import kotlinx.coroutines.withTimeoutOrNull
import java.time.Instant
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

/** The code of `docs/guide-kotlin.md`. */
internal object GuideKotlin {
    fun settings(): MemcachedClient {
        val cache =
            MemcachedClient("cache-1:11211", "cache-2:11211:2") {
                // the second one has weight 2
                serde = JsonSerde()
                requestTimeout = 250.milliseconds
                compression = Compression.zlib(2048, 6)
                locator = RoutingPreset.LIBMEMCACHED_KETAMA_WEIGHTED
                namespace = "shop:"
                defaultTtl = 1.hours
                backoff(first = 50.milliseconds, longest = 2.seconds)
            }
        return cache
    }

    fun copy(cache: MemcachedClient): MemcachedClient {
        val lenient = cache.copy { failureMode = FailureMode.MISS }
        return lenient
    }

    suspend fun readAndWrite(cache: MemcachedClient): Item<User>? {
        cache.set("user:1", User(1, "Ada"), ttl = 5.minutes)
        cache.set("report", "draft", Expiry.at(Instant.parse("2030-01-01T00:00:00Z")))
        cache.set("motto", "for ever", Expiry.never())

        val user: User? = cache.get("user:1")
        val name = cache.get<User>("user:2")?.name ?: "nobody"
        val users = cache.get<List<User>>("users") ?: emptyList()
        val touched: User? = cache.getAndTouch("user:1", ttl = 10.minutes)
        val item = cache.item<User>("user:1")
        check(user == touched && name == "nobody" && users.isEmpty())
        return item
    }

    suspend fun severalKeys(cache: MemcachedClient): Map<Long, User> {
        val notStored = cache.setAll(mapOf("user:1" to User(1, "Ada"), "user:2" to User(2, "Grace")), ttl = 5.minutes)
        val hits = cache.getAll<User>(listOf("user:1", "user:2", "user:3"))
        val byId = cache.getAll<User, Long>(listOf(1, 2, 3)) { "user:$it" }
        check(notStored.isEmpty() && hits.keys == setOf("user:1", "user:2"))
        return byId
    }

    suspend fun eachKey(cache: MemcachedClient): Map<String, User> {
        val results = cache.getAllResults(listOf("user:1", "user:2", "user:3"), valueType<User>())
        results.missing.forEach { println("$it is not cached") }
        results.failed.forEach { (key, why) -> println("$key: ${why.message}") }

        val written = cache.setAllResults(mapOf("a" to 1, "b" to 2), ttl = 1.minutes)
        val again = written.failed.filterValues { it.delivery() == Delivery.NOT_SENT }.keys
        val gone = cache.deleteAll(listOf("a", "b", "c"))
        check(again.isEmpty() && gone == setOf("a", "b"))
        return results.hits
    }

    suspend fun counters(cache: MemcachedClient): Long? {
        val absent = cache.increment("visits")
        val created = cache.increment("visits", by = 5, initial = 1, ttl = 1.hours)
        val six = cache.increment("visits", by = 5)
        val zero = cache.decrement("visits", by = 100)
        check(absent == null && created == 1L && six == 6L)
        return zero
    }

    suspend fun compareAndSet(cache: MemcachedClient): User? {
        val held = cache.gets<User>("user:1")
        if (held != null) {
            when (cache.cas("user:1", held.value.copy(name = "Grace"), held.cas, ttl = 5.minutes)) {
                CasResult.STORED -> println("changed")
                CasResult.EXISTS -> println("somebody else was faster")
                CasResult.NOT_FOUND -> println("it is gone")
            }
        }

        return cache.update<User>("user:1", ttl = 5.minutes) { old -> old?.copy(name = "Edsger") }
    }

    suspend fun namespaces(cache: MemcachedClient): User? {
        val users = cache.namespace("users:")
        users.set("1", User(1, "Ada"))
        val nested = users.namespace("old:")
        nested.set("1", User(1, "Augusta"))
        return cache.get<User>("users:old:1")
    }

    suspend fun fireAndForget(cache: MemcachedClient) {
        val quiet = cache.fireAndForget()
        quiet.set("seen:1", System.currentTimeMillis(), ttl = 1.minutes)
        quiet.delete("user:1")
    }

    suspend fun timeouts(cache: MemcachedClient): User? {
        val patient = cache.withRequestTimeout(2.seconds)
        val slow: User? = patient.get("user:1")
        val user = withTimeoutOrNull(50.milliseconds) { cache.get<User>("user:1") }
        return user ?: slow
    }

    suspend fun errors(cache: MemcachedClient): User? {
        val user =
            try {
                cache.get<User>("user:1")
            } catch (e: OverloadedException) {
                throw e // shed load: this process asks for more than it can get
            } catch (e: RequestTimeoutException) {
                null // go on without the cache
            } catch (e: ConnectionLostException) {
                null
            }
        return user
    }

    suspend fun writeErrors(cache: MemcachedClient): Boolean {
        try {
            cache.set("user:1", User(1, "Grace"))
        } catch (e: MemcachedException) {
            when (e.delivery()) {
                Delivery.NOT_SENT -> println("the old value is still there")
                Delivery.INDETERMINATE -> println("the old or the new value is there")
                Delivery.ANSWERED -> println("the server refused: ${e.message}")
            }
            return false
        }
        return true
    }

    suspend fun partialResults(cache: MemcachedClient): Map<String, User> = try {
        cache.getAll<User>(listOf("user:1", "user:2"))
    } catch (e: PartialResultException) {
        println("${e.results().failed().keys} could not be asked")
        emptyMap()
    }

    fun misses(): MemcachedClient {
        val lenient = MemcachedClient("cache-1:11211") { failureMode = FailureMode.MISS }
        return lenient
    }

    suspend fun types(cache: MemcachedClient): List<User>? {
        val type = valueType<List<User>>()
        cache.set("users", typed(listOf(User(1, "Ada"))), expiry = null)
        return cache.get("users", type)
    }

    suspend fun servers(cache: MemcachedClient): Map<String, String> {
        val hits = cache.stats().mapValues { (_, statistics) -> statistics["get_hits"] }
        val versions = cache.version()
        println(hits)
        return versions.mapKeys { it.key.toString() }
    }
}
