package io.cachewire.platform

import io.cachewire.AsyncMemcachedClient
import io.cachewire.BlockingMemcachedClient
import io.cachewire.MemcachedClient
import io.cachewire.get
import io.cachewire.getAll
import io.cachewire.serialization.json.JsonSerde
import io.cachewire.set
import kotlinx.coroutines.runBlocking
import kotlin.time.Duration.Companion.seconds
import kotlin.time.toJavaDuration

/** The calls of the program through one of the three clients. */
internal interface Face : AutoCloseable {
    val name: String

    fun set(key: String, value: String)

    fun get(key: String): String?

    fun getAll(keys: List<String>): Map<String, String>

    fun setFilm(key: String, film: Film)

    fun getFilm(key: String): Film?
}

private val LIMIT = 2.seconds

internal class BlockingFace(server: String) : Face {
    private val client =
        BlockingMemcachedClient
            .builder(server)
            .serde(JsonSerde())
            .requestTimeout(LIMIT.toJavaDuration())
            .build()
    override val name = "blocking"

    override fun set(key: String, value: String) {
        client.set(key, value)
    }

    override fun get(key: String): String? = client.get(key, String::class.java)

    override fun getAll(keys: List<String>): Map<String, String> = client.getAll(keys, String::class.java)

    override fun setFilm(key: String, film: Film) {
        client.set(key, film)
    }

    override fun getFilm(key: String): Film? = client.get(key, Film::class.java)

    override fun close() {
        client.close()
    }
}

internal class AsyncFace(server: String) : Face {
    private val client =
        AsyncMemcachedClient
            .builder(server)
            .serde(JsonSerde())
            .requestTimeout(LIMIT.toJavaDuration())
            .build()
    override val name = "async"

    override fun set(key: String, value: String) {
        client.set(key, value).join()
    }

    override fun get(key: String): String? = client.get(key, String::class.java).join()

    override fun getAll(keys: List<String>): Map<String, String> = client.getAll(keys, String::class.java).join()

    override fun setFilm(key: String, film: Film) {
        client.set(key, film).join()
    }

    override fun getFilm(key: String): Film? = client.get(key, Film::class.java).join()

    override fun close() {
        client.close()
    }
}

internal class SuspendFace(server: String) : Face {
    private val client =
        MemcachedClient(server) {
            serde = JsonSerde()
            requestTimeout = LIMIT
        }
    override val name = "suspend"

    override fun set(key: String, value: String) {
        runBlocking { client.set(key, value) }
    }

    override fun get(key: String): String? = runBlocking { client.get<String>(key) }

    override fun getAll(keys: List<String>): Map<String, String> = runBlocking { client.getAll<String>(keys) }

    override fun setFilm(key: String, film: Film) {
        runBlocking { client.set(key, film) }
    }

    override fun getFilm(key: String): Film? = runBlocking { client.get<Film>(key) }

    override fun close() {
        client.close()
    }
}
