package io.cachewire.ktor.client

import io.cachewire.MemcachedClient
import io.cachewire.MemcachedException
import io.cachewire.ValueTooLargeException
import io.cachewire.WriteFailures
import io.cachewire.add
import io.cachewire.get
import io.cachewire.getAll
import io.cachewire.ktor.FieldReader
import io.cachewire.ktor.FieldWriter
import io.cachewire.ktor.hashedKey
import io.cachewire.set
import io.cachewire.update
import io.ktor.client.plugins.cache.storage.CacheStorage
import io.ktor.client.plugins.cache.storage.CachedResponseData
import io.ktor.http.HttpProtocolVersion
import io.ktor.http.HttpStatusCode
import io.ktor.http.Url
import io.ktor.util.date.GMTDate
import org.slf4j.LoggerFactory
import kotlin.random.Random
import kotlin.time.Duration
import kotlin.time.Duration.Companion.days

/**
 * What Ktor's `HttpCache` keeps, in memcached, for all instances of a program: `install(HttpCache) { publicStorage(MemcachedCacheStorage(cache)) }`.
 *
 * For public responses alone: what was sent to one user must not be in a storage that requests of others read, so leave `privateStorage` in memory, and
 * set `isShared` when the program sends requests for several users.
 *
 * All variants of a URL are one item, whose key is a hash of the URL. When they are too large together, the oldest are dropped; a response
 * that is too large by itself is not stored. A cache that does not answer is an empty one: no request fails because of it, except [clear].
 *
 * Safe for any number of coroutines.
 *
 * @param client stores the responses
 * @param ttl how long the responses of a URL are kept after the last was stored, so that they can be validated when they are not fresh any more; above zero
 * @param prefix what the keys begin with
 * @param maxVariants so many responses of a URL, which differ by `Vary`, are kept; 1 or more
 */
public class MemcachedCacheStorage(
    client: MemcachedClient,
    private val ttl: Duration = 1.days,
    private val prefix: String = "http:",
    private val maxVariants: Int = 8,
) : CacheStorage {
    private val cache = client.withWriteFailures(WriteFailures.THROW)
    private val maxBytes = client.settings().maxValueBytes()
    private val generationKey = prefix + "generation"

    init {
        require(ttl.isPositive()) { "the ttl of responses must be above zero, not $ttl" }
        require(maxVariants >= 1) { "at least one variant is kept, not $maxVariants" }
    }

    /** Stores a response in place of the one with the same variant. */
    override suspend fun store(url: Url, data: CachedResponseData) {
        orNull {
            val generation = generation()
            change(url, generation) { held ->
                listOf(data) + held.filter { it.varyKeys != data.varyKeys }
            }
        }
    }

    /** The response whose request had exactly these values of the headers that it varies by. */
    override suspend fun find(url: Url, varyKeys: Map<String, String>): CachedResponseData? =
        findAll(url).firstOrNull { it.varyKeys == varyKeys }

    /** All variants. */
    override suspend fun findAll(url: Url): Set<CachedResponseData> {
        val key = key(url)
        val found = orNull { cache.getAll<ByteArray>(listOf(generationKey, key)) } ?: return emptySet()
        val generation = found[generationKey]?.let(::readGeneration) ?: return emptySet()
        return found[key]?.let { read(it, url, generation) }.orEmpty().toSet()
    }

    /** Forgets a variant. Ktor calls it from 3.1 on. */
    public suspend fun remove(url: Url, varyKeys: Map<String, String>) {
        orNull { change(url, generation()) { held -> held.filter { it.varyKeys != varyKeys } } }
    }

    /** Forgets all variants. Ktor calls it from 3.1 on. */
    public suspend fun removeAll(url: Url) {
        orNull { cache.delete(key(url)) }
    }

    /**
     * Forgets everything, for all programs with this prefix, by one write: what was stored before is not read any more.
     *
     * @throws MemcachedException when the cache did not answer: what was stored may still be read
     */
    public suspend fun clear() {
        cache.set(generationKey, newGeneration())
    }

    private fun key(url: Url) = hashedKey(prefix, url.toString())

    private suspend fun change(
        url: Url,
        generation: Long,
        change: (List<CachedResponseData>) -> List<CachedResponseData>,
    ) {
        val key = key(url)
        try {
            val stored =
                cache.update<ByteArray>(key, ttl) { old ->
                    write(change(old?.let { read(it, url, generation) }.orEmpty()), generation)
                }
            if (stored == null) cache.delete(key)
        } catch (e: ValueTooLargeException) {
            // the server takes less than this client: an older response must not stay in place of this one
            cache.delete(key)
            throw e
        }
    }

    private suspend fun generation(): Long {
        repeat(ATTEMPTS) {
            cache.get<ByteArray>(generationKey)?.let(::readGeneration)?.let { return it }
            val made = newGeneration()
            if (cache.add(generationKey, made)) return checkNotNull(readGeneration(made))
        }
        return Random.nextLong() // of nobody: what is stored with it is not read
    }

    private fun newGeneration() = FieldWriter().apply { number(Random.nextLong()) }.toByteArray()

    private fun readGeneration(bytes: ByteArray): Long? = FieldReader.read(bytes) { long() }

    /** The newest of [all] that fit; null when none does. */
    private fun write(all: List<CachedResponseData>, generation: Long): ByteArray? {
        val blocks = all.sortedByDescending { it.responseTime.timestamp }.take(maxVariants).map(::write)
        var size = HEAD_BYTES
        val fitting = blocks.takeWhile {
            size += it.size + Int.SIZE_BYTES
            size <= maxBytes
        }
        if (fitting.isEmpty()) return null
        return FieldWriter()
            .apply {
                number(FORMAT)
                number(generation)
                number(fitting.size)
                fitting.forEach(::bytes)
            }.toByteArray()
    }

    private fun write(data: CachedResponseData): ByteArray = FieldWriter()
        .apply {
            number(data.statusCode.value)
            text(data.statusCode.description)
            number(data.requestTime.timestamp)
            number(data.responseTime.timestamp)
            number(data.expires.timestamp)
            text(data.version.name)
            number(data.version.major)
            number(data.version.minor)
            headers(data.headers)
            texts(data.varyKeys.keys)
            texts(data.varyKeys.values)
            bytes(data.body)
        }.toByteArray()

    private fun read(bytes: ByteArray, url: Url, generation: Long): List<CachedResponseData>? =
        FieldReader.read(bytes) {
            if (int() != FORMAT || long() != generation) {
                null
            } else {
                List(count()) { FieldReader.read(bytes()) { response(url) } }.filterNotNull()
            }
        }

    private fun FieldReader.response(url: Url) = CachedResponseData(
        url = url,
        statusCode = HttpStatusCode(int(), text()),
        requestTime = GMTDate(long()),
        responseTime = GMTDate(long()),
        expires = GMTDate(long()),
        version = HttpProtocolVersion(text(), int(), int()),
        headers = headers(),
        varyKeys = texts().zip(texts()).toMap(),
        body = bytes(),
    )

    private suspend fun <T> orNull(call: suspend () -> T): T? = try {
        call()
    } catch (e: MemcachedException) {
        log.debug("the HTTP cache goes without memcached for this request", e)
        null
    }

    private companion object {
        val log = LoggerFactory.getLogger(MemcachedCacheStorage::class.java)
        const val FORMAT = 0x43_57_48_01
        const val HEAD_BYTES = 2 * Int.SIZE_BYTES + Long.SIZE_BYTES
        const val ATTEMPTS = 3
    }
}
