package com.example

import io.cachewire.MemcachedClient
import io.cachewire.get
import io.cachewire.getAll
import io.cachewire.serialization.json.JsonSerde
import io.cachewire.set
import io.cachewire.update
import io.cachewire.verification.consumers.CacheUser
import io.cachewire.verification.consumers.Checks
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.runBlocking
import kotlinx.serialization.Serializable
import java.lang.AutoCloseable
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

@Serializable
data class Film(
    val id: Long,
    val title: String,
    val tags: List<String> = emptyList(),
)

fun connect(server: String): MemcachedClient = MemcachedClient(server) {
    serde = JsonSerde()
    requestTimeout = 3.seconds
    connectTimeout = 5.seconds
}

/** Uses the suspend functions; every Kotlin project compiles it with its own compiler. */
class KotlinUser(
    private val cache: MemcachedClient,
    private val whole: AutoCloseable = cache,
) : CacheUser {
    override fun set(key: String, value: String): Unit = runBlocking { cache.set(key, value, ttl = 5.minutes) }

    override fun get(key: String): String? = runBlocking { cache.get<String>(key) }

    override fun getAll(keys: List<String>): Map<String, String> = runBlocking { cache.getAll<String>(keys) }

    override fun callItsOwn() = runBlocking {
        val film = Film(1, "Alien", listOf("space"))
        cache.set("film:1", film, ttl = 5.minutes)
        Checks.equal(film, cache.get<Film>("film:1"))
        cache.set("films", listOf(film), ttl = 5.minutes)
        Checks.equal(listOf(film), cache.get<List<Film>>("films"))

        val changed = cache.update<Film>("film:1", ttl = 5.minutes) { old -> old?.copy(tags = old.tags + "horror") }
        Checks.equal(listOf("space", "horror"), changed?.tags)

        val titles = (1..20).map { async { cache.get<Film>("film:1")?.title } }.awaitAll()
        Checks.equal(setOf("Alien"), titles.toSet())
        Checks.equal(true, cache.delete("films"))
    }

    override fun close() = whole.close()
}
