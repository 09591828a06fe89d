package io.cachewire.ktor

import io.cachewire.MemcachedClient
import io.cachewire.MemcachedException
import io.cachewire.fixture.MemcachedServer
import io.cachewire.get
import io.cachewire.ktor.client.MemcachedCacheStorage
import io.cachewire.set
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldNotContain
import io.kotest.property.Arb
import io.kotest.property.arbitrary.byte
import io.kotest.property.arbitrary.byteArray
import io.kotest.property.arbitrary.int
import io.kotest.property.checkAll
import io.ktor.client.HttpClient
import io.ktor.client.plugins.cache.HttpCache
import io.ktor.client.plugins.cache.storage.CachedResponseData
import io.ktor.client.request.get
import io.ktor.client.request.header
import io.ktor.client.statement.bodyAsText
import io.ktor.http.Headers
import io.ktor.http.HttpHeaders
import io.ktor.http.HttpProtocolVersion
import io.ktor.http.HttpStatusCode
import io.ktor.http.Url
import io.ktor.http.headersOf
import io.ktor.server.response.header
import io.ktor.server.response.respond
import io.ktor.server.response.respondText
import io.ktor.server.routing.get
import io.ktor.server.routing.routing
import io.ktor.server.testing.ApplicationTestBuilder
import io.ktor.server.testing.testApplication
import io.ktor.util.date.GMTDate
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.flow.toList
import java.util.concurrent.atomic.AtomicInteger
import kotlin.time.Duration.Companion.days
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

private fun response(
    url: Url,
    body: String,
    varyKeys: Map<String, String> = emptyMap(),
    responseTime: Long = 1_700_000_000_000,
    headers: Headers = headersOf(HttpHeaders.ETag to listOf("\"1\""), "X-Two" to listOf("a", "b")),
) = CachedResponseData(
    url,
    HttpStatusCode(203, "So so"),
    GMTDate(responseTime - 1),
    GMTDate(responseTime),
    HttpProtocolVersion.HTTP_1_1,
    GMTDate(responseTime + 60_000),
    headers,
    varyKeys,
    body.toByteArray(),
)

class MemcachedCacheStorageTest :
    FunSpec({
        val server = MemcachedServer.start()
        val cache = MemcachedClient(server.address().toString()) { requestTimeout = 10.seconds }
        val numbers = AtomicInteger()
        afterSpec {
            cache.close()
            server.close()
        }

        fun storage(variants: Int = 8) =
            MemcachedCacheStorage(cache, 1.days, "h${numbers.incrementAndGet()}:", variants)

        val url = Url("https://example.org/a?token=secret-of-anna")

        suspend fun MemcachedCacheStorage.bodies() = findAll(url).map { String(it.body) }.toSet()

        test("a response is read as it was stored") {
            val storage = storage()
            val stored = response(url, "body", mapOf("accept" to "text/html"))
            storage.store(url, stored)
            val found = storage.find(url, mapOf("accept" to "text/html")).shouldNotBeNull()
            found.url shouldBe url
            found.statusCode shouldBe stored.statusCode
            found.statusCode.description shouldBe "So so"
            found.requestTime shouldBe stored.requestTime
            found.responseTime shouldBe stored.responseTime
            found.expires shouldBe stored.expires
            found.version shouldBe stored.version
            found.headers shouldBe stored.headers
            found.varyKeys shouldBe stored.varyKeys
            String(found.body) shouldBe "body"
            storage.findAll(url) shouldBe setOf(stored)
        }

        test("a variant replaces itself and stands beside the others") {
            val storage = storage()
            storage.store(url, response(url, "en", mapOf("accept-language" to "en")))
            storage.store(url, response(url, "de", mapOf("accept-language" to "de")))
            storage.store(url, response(url, "en2", mapOf("accept-language" to "en")))
            storage.bodies() shouldBe setOf("en2", "de")
            storage.find(url, mapOf("accept-language" to "fr")).shouldBeNull()
            storage.find(url, emptyMap()).shouldBeNull()
        }

        test("other URLs have other responses") {
            val storage = storage()
            storage.store(url, response(url, "one"))
            storage.findAll(Url("https://example.org/a?token=other")).shouldBeEmpty()
        }

        test("a removed variant is gone and the others stay, and all of a URL can be removed") {
            val storage = storage()
            storage.store(url, response(url, "en", mapOf("l" to "en")))
            storage.store(url, response(url, "de", mapOf("l" to "de")))
            storage.remove(url, mapOf("l" to "en"))
            storage.bodies() shouldBe setOf("de")
            storage.remove(url, mapOf("l" to "de"))
            storage.bodies().shouldBeEmpty()
            storage.store(url, response(url, "en"))
            storage.removeAll(url)
            storage.bodies().shouldBeEmpty()
        }

        test("clear forgets everything of its prefix and nothing else") {
            val storage = storage()
            val other = storage()
            storage.store(url, response(url, "one"))
            other.store(url, response(url, "two"))
            storage.clear()
            storage.bodies().shouldBeEmpty()
            other.bodies() shouldBe setOf("two")
            storage.store(url, response(url, "three"))
            storage.bodies() shouldBe setOf("three")
        }

        test("of many variants the newest are kept") {
            val storage = storage(3)
            for (i in 1..5) storage.store(url, response(url, "$i", mapOf("n" to "$i"), responseTime = 1_000L * i))
            storage.bodies() shouldBe setOf("3", "4", "5")
        }

        test(
            "variants that are too large together lose the oldest, and a response that is too large by itself is not stored",
        ) {
            val storage = storage()
            for (i in 1..3) {
                storage.store(url, response(url, "$i".repeat(400_000), mapOf("n" to "$i"), responseTime = 1_000L * i))
            }
            storage.findAll(url).map { it.varyKeys["n"] }.toSet() shouldBe setOf("2", "3")
            storage.store(url, response(url, "x".repeat(2_000_000), responseTime = 9_000))
            storage.find(url, emptyMap()).shouldBeNull()
        }

        test("a server that takes less than the client keeps no older response in place of one that is too large") {
            MemcachedServer.start("-I", "64k", "-o", "slab_chunk_max=16384").use { small ->
                MemcachedClient(small.address().toString()).use { client ->
                    val storage = MemcachedCacheStorage(client)
                    storage.store(url, response(url, "old"))
                    storage.store(url, response(url, "x".repeat(100_000), responseTime = 1_800_000_000_000))
                    storage.findAll(url).shouldBeEmpty()
                }
            }
        }

        test("variants that are stored at once are all kept") {
            val storage = storage(50)
            coroutineScope {
                (1..20).map { async { storage.store(url, response(url, "$it", mapOf("n" to "$it"))) } }.awaitAll()
            }
            storage.findAll(url) shouldHaveSize 20
        }

        test("bytes of others are no responses") {
            val prefix = "foreign:"
            val storage = MemcachedCacheStorage(cache, prefix = prefix)
            storage.store(url, response(url, "mine"))
            val key = hashedKey(prefix, url.toString())
            val good = cache.get<ByteArray>(key).shouldNotBeNull()
            checkAll(200, Arb.byteArray(Arb.int(0..200), Arb.byte())) { bytes ->
                cache.set(key, bytes)
                storage.findAll(url).shouldBeEmpty()
            }
            for (cut in good.indices) {
                cache.set(key, good.copyOf(cut))
                storage.findAll(url).shouldBeEmpty()
            }
            cache.set(key, good)
            storage.findAll(url) shouldHaveSize 1
        }

        test("the key does not show the URL") {
            storage().store(url, response(url, "body"))
            cache.admin().metadump(server.address()).toList().forEach { it.key() shouldNotContain "secret-of-anna" }
        }

        fun ApplicationTestBuilder.origin(requests: AtomicInteger) = routing {
            get("/fresh") {
                call.response.header(HttpHeaders.CacheControl, "max-age=60")
                call.respondText("fresh ${requests.incrementAndGet()}")
            }
            get("/etag") {
                requests.incrementAndGet()
                call.response.header(HttpHeaders.ETag, "\"1\"")
                call.response.header(HttpHeaders.CacheControl, "max-age=0")
                if (call.request.headers[HttpHeaders.IfNoneMatch] == "\"1\"") {
                    call.respond(HttpStatusCode.NotModified)
                } else {
                    call.respondText("tagged ${requests.get()}")
                }
            }
            get("/language") {
                call.response.header(HttpHeaders.CacheControl, "max-age=60")
                call.response.header(HttpHeaders.Vary, HttpHeaders.AcceptLanguage)
                call.respondText("${call.request.headers[HttpHeaders.AcceptLanguage]} ${requests.incrementAndGet()}")
            }
            get("/no-store") {
                call.response.header(HttpHeaders.CacheControl, "no-store")
                call.respondText("${requests.incrementAndGet()}")
            }
            get("/private") {
                call.response.header(HttpHeaders.CacheControl, "private, max-age=60")
                call.respondText("${requests.incrementAndGet()}")
            }
        }

        fun ApplicationTestBuilder.program(storage: MemcachedCacheStorage): HttpClient = createClient {
            install(HttpCache) {
                isShared = true
                publicStorage(storage)
            }
        }

        test("what one program fetched is fresh for another one") {
            val requests = AtomicInteger()
            val storage = storage()
            testApplication {
                origin(requests)
                program(storage).get("/fresh").bodyAsText() shouldBe "fresh 1"
                program(storage).get("/fresh").bodyAsText() shouldBe "fresh 1"
                requests.get() shouldBe 1
                storage.clear()
                program(storage).get("/fresh").bodyAsText() shouldBe "fresh 2"
            }
        }

        test("a response that is not fresh any more is validated") {
            val requests = AtomicInteger()
            val storage = storage()
            testApplication {
                origin(requests)
                program(storage).get("/etag").bodyAsText() shouldBe "tagged 1"
                program(storage).get("/etag").bodyAsText() shouldBe "tagged 1"
                requests.get() shouldBe 2
            }
        }

        test("Vary, no-store and private are respected") {
            val requests = AtomicInteger()
            val storage = storage()
            testApplication {
                origin(requests)

                suspend fun language(value: String) =
                    program(storage).get("/language") { header(HttpHeaders.AcceptLanguage, value) }.bodyAsText()
                language("en") shouldBe "en 1"
                language("de") shouldBe "de 2"
                language("en") shouldBe "en 1"
                program(storage).get("/no-store").bodyAsText() shouldBe "3"
                program(storage).get("/no-store").bodyAsText() shouldBe "4"
                program(storage).get("/private").bodyAsText() shouldBe "5"
                program(storage).get("/private").bodyAsText() shouldBe "6"
            }
        }

        test("no request fails because the cache is dead, only clear does") {
            MemcachedServer.start().use { own ->
                MemcachedClient(own.address().toString()) { requestTimeout = 300.milliseconds }.use { client ->
                    val storage = MemcachedCacheStorage(client)
                    own.kill()
                    val requests = AtomicInteger()
                    testApplication {
                        origin(requests)
                        program(storage).get("/fresh").bodyAsText() shouldBe "fresh 1"
                        program(storage).get("/fresh").bodyAsText() shouldBe "fresh 2"
                    }
                    storage.removeAll(url)
                    shouldThrow<MemcachedException> { storage.clear() }
                }
            }
        }

        test("settings that make no sense are refused at once") {
            shouldThrow<IllegalArgumentException> { MemcachedCacheStorage(cache, 0.seconds) }
            shouldThrow<IllegalArgumentException> { MemcachedCacheStorage(cache, maxVariants = 0) }
        }
    })
