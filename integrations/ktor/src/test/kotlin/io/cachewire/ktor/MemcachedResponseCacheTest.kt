package io.cachewire.ktor

import io.cachewire.MemcachedClient
import io.cachewire.fixture.MemcachedServer
import io.cachewire.ktor.server.Cachewire
import io.cachewire.ktor.server.MemcachedResponseCache
import io.cachewire.ktor.server.MemcachedResponseCacheConfig
import io.kotest.assertions.nondeterministic.eventually
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNotBe
import io.kotest.matchers.string.shouldContain
import io.ktor.client.HttpClient
import io.ktor.client.request.HttpRequestBuilder
import io.ktor.client.request.cookie
import io.ktor.client.request.get
import io.ktor.client.request.head
import io.ktor.client.request.header
import io.ktor.client.request.post
import io.ktor.client.statement.HttpResponse
import io.ktor.client.statement.bodyAsText
import io.ktor.http.ContentType
import io.ktor.http.HttpHeaders
import io.ktor.http.HttpStatusCode
import io.ktor.http.content.OutgoingContent
import io.ktor.http.contentType
import io.ktor.server.application.call
import io.ktor.server.application.createApplicationPlugin
import io.ktor.server.application.createRouteScopedPlugin
import io.ktor.server.application.install
import io.ktor.server.response.ApplicationSendPipeline
import io.ktor.server.response.header
import io.ktor.server.response.respond
import io.ktor.server.response.respondBytesWriter
import io.ktor.server.response.respondRedirect
import io.ktor.server.response.respondText
import io.ktor.server.routing.RoutingContext
import io.ktor.server.routing.get
import io.ktor.server.routing.head
import io.ktor.server.routing.header
import io.ktor.server.routing.post
import io.ktor.server.routing.route
import io.ktor.server.routing.routing
import io.ktor.server.testing.ApplicationTestBuilder
import io.ktor.server.testing.testApplication
import io.ktor.utils.io.writeStringUtf8
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.withContext
import java.util.concurrent.atomic.AtomicInteger
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

private class DatabaseDown : RuntimeException("the database is down")

private suspend infix fun HttpResponse.shouldBeServed(expected: Pair<String, String>) {
    (headers["X-Cache"] to bodyAsText()) shouldBe expected
}

class MemcachedResponseCacheTest :
    FunSpec({
        val server = MemcachedServer.start()
        val cache = MemcachedClient(server.address().toString()) { requestTimeout = 10.seconds }
        val prefixes = AtomicInteger()
        afterSpec {
            cache.close()
            server.close()
        }

        /** A route `/page` that is cached, and whose handler counts its runs. */
        fun ApplicationTestBuilder.page(
            configure: MemcachedResponseCacheConfig.() -> Unit = {},
            prefix: String = "p${prefixes.incrementAndGet()}:",
            handler: suspend RoutingContext.(Int) -> Unit,
        ): AtomicInteger {
            val runs = AtomicInteger()
            routing {
                route("/page") {
                    install(MemcachedResponseCache) {
                        client = cache
                        ttl = 1.minutes
                        this.prefix = prefix
                        configure()
                    }
                    get { handler(runs.incrementAndGet()) }
                    head { call.respond(HttpStatusCode.OK) }
                    post { call.respondText("posted ${runs.incrementAndGet()}") }
                }
            }
            return runs
        }

        test("a page is made once, and served with its status, type and headers from then on") {
            testApplication {
                val runs = page {
                    call.response.header("X-Own", "a")
                    call.response.header("X-Own", "b")
                    call.respondText("page $it", ContentType.Text.Html)
                }
                val made = client.get("/page")
                made shouldBeServed ("miss" to "page 1")
                repeat(3) {
                    val served = client.get("/page")
                    served shouldBeServed ("hit" to "page 1")
                    served.contentType() shouldBe made.contentType()
                    served.headers.getAll("X-Own") shouldBe listOf("a", "b")
                    served.headers[HttpHeaders.ContentLength] shouldBe made.headers[HttpHeaders.ContentLength]
                    served.headers[HttpHeaders.Age].shouldNotBeNull()
                }
                runs.get() shouldBe 1
            }
        }

        test("instances of a server share their pages") {
            repeat(2) { instance ->
                testApplication {
                    page(prefix = "shared:") { call.respondText("page of $instance") }
                    client.get("/page") shouldBeServed ((if (instance == 0) "miss" else "hit") to "page of 0")
                }
            }
        }

        test("of a hundred that ask two instances at once one has the page made") {
            val started = CompletableDeferred<Unit>()
            val gate = CompletableDeferred<Unit>()
            val asked = AtomicInteger()
            val runs = AtomicInteger()
            MemcachedClient(server.address().toString()) { requestTimeout = 10.seconds }.use { second ->
                testApplication {
                    install(createApplicationPlugin("Asked") { onCall { asked.incrementAndGet() } })
                    routing {
                        for ((instance, own) in listOf("a" to cache, "b" to second)) {
                            route("/page") {
                                header("X-Instance", instance) {
                                    install(MemcachedResponseCache) {
                                        client = own
                                        ttl = 1.minutes
                                        prefix = "herd:"
                                    }
                                    get {
                                        runs.incrementAndGet()
                                        started.complete(Unit)
                                        gate.await()
                                        call.respondText("page")
                                    }
                                }
                            }
                        }
                    }
                    withContext(Dispatchers.IO) {
                        coroutineScope {
                            val all = (0 until 100).map {
                                async { client.get("/page") { header("X-Instance", if (it % 2 == 0) "a" else "b") } }
                            }
                            started.await()
                            eventually(10.seconds) { asked.get() shouldBe 100 }
                            gate.complete(Unit)
                            val answers = all.awaitAll()
                            answers.forEach { it.bodyAsText() shouldBe "page" }
                            answers.count { it.headers["X-Cache"] == "miss" } shouldBe 1
                        }
                    }
                    runs.get() shouldBe 1
                }
            }
        }

        test("a visitor who waits for a page that cannot be stored has his own made") {
            val first = CompletableDeferred<Unit>()
            val go = CompletableDeferred<Unit>()
            testApplication {
                val runs = page { run ->
                    first.complete(Unit)
                    go.await()
                    call.response.header(HttpHeaders.CacheControl, "private")
                    call.respondText("page $run")
                }
                withContext(Dispatchers.IO) {
                    coroutineScope {
                        val one = async { client.get("/page") }
                        first.await()
                        val others = (1..5).map { async { client.get("/page") } }
                        go.complete(Unit)
                        val bodies = (others.awaitAll() + one.await()).map { it.bodyAsText() }
                        bodies.toSet().size shouldBe 6
                    }
                }
                runs.get() shouldBe 6
            }
        }

        val neverStored = mapOf<String, suspend RoutingContext.(Int) -> Unit>(
            "with Set-Cookie" to {
                call.response.cookies.append("a", "b")
                call.respondText("$it")
            },
            "that is private" to {
                call.response.header(HttpHeaders.CacheControl, "max-age=60, Private")
                call.respondText("$it")
            },
            "with no-store" to {
                call.response.header(HttpHeaders.CacheControl, "no-store")
                call.respondText("$it")
            },
            "with no-cache" to {
                call.response.header(HttpHeaders.CacheControl, "no-cache")
                call.respondText("$it")
            },
            "with Vary on everything" to {
                call.response.header(HttpHeaders.Vary, "*")
                call.respondText("$it")
            },
            "that is encoded already" to {
                call.response.header(HttpHeaders.ContentEncoding, "x-own")
                call.respondText("$it")
            },
            "of another status" to { call.respondText("$it", status = HttpStatusCode.InternalServerError) },
            "that is not fresh for a second" to {
                call.response.header(HttpHeaders.CacheControl, "max-age=0")
                call.respondText("$it")
            },
            "that is too long" to { call.respondText("$it".padEnd(2_000)) },
            "that is too long and written bit by bit" to {
                call.respondBytesWriter { repeat(2_000) { _ -> writeStringUtf8("$it") } }
            },
        )
        for ((what, handler) in neverStored) {
            test("a response $what is sent whole and not stored") {
                testApplication {
                    page({ maxBodyBytes = 1_000 }, handler = handler)
                    val one = client.get("/page")
                    val two = client.get("/page")
                    one.headers["X-Cache"] shouldBe "miss"
                    two.headers["X-Cache"] shouldBe "miss"
                    one.bodyAsText().first() shouldBe '1'
                    two.bodyAsText().first() shouldBe '2'
                    one.bodyAsText().length shouldBe two.bodyAsText().length
                    if ("too long" in what) one.bodyAsText().length shouldBe 2_000
                }
            }
        }

        test("a cookie that a plugin sets for each response keeps it from being stored") {
            testApplication {
                install(
                    createApplicationPlugin("Late") {
                        application.sendPipeline.intercept(ApplicationSendPipeline.After) {
                            call.response.headers.append(HttpHeaders.SetCookie, "late=1")
                        }
                    },
                )
                page { call.respondText("$it") }
                client.get("/page") shouldBeServed ("miss" to "1")
                client.get("/page") shouldBeServed ("miss" to "2")
            }
        }

        val pastTheCache = mapOf<String, HttpRequestBuilder.() -> Unit>(
            "Authorization" to { header(HttpHeaders.Authorization, "Bearer x") },
            "a cookie" to { cookie("SID", "x") },
            "no-store" to { header(HttpHeaders.CacheControl, "no-store") },
            "Range" to { header(HttpHeaders.Range, "bytes=0-1") },
        )
        for ((what, request) in pastTheCache) {
            test("a request with $what goes past the cache") {
                testApplication {
                    page { call.respondText("$it") }
                    client.get("/page") shouldBeServed ("miss" to "1")
                    client.get("/page", request) shouldBeServed ("bypass" to "2")
                    client.get("/page", request) shouldBeServed ("bypass" to "3")
                    client.get("/page") shouldBeServed ("hit" to "1")
                }
            }
        }

        test("other methods go past the cache") {
            testApplication {
                page { call.respondText("$it") }
                client.get("/page") shouldBeServed ("miss" to "1")
                client.post("/page") shouldBeServed ("bypass" to "posted 2")
                client.head("/page").headers["X-Cache"] shouldBe "bypass"
                client.get("/page") shouldBeServed ("hit" to "1")
            }
        }

        test("a cookie that makes no difference is ignored") {
            testApplication {
                page({ ignoredCookies = setOf("_ga") }) { call.respondText("$it") }
                client.get("/page") { cookie("_ga", "x") } shouldBeServed ("miss" to "1")
                client.get("/page") { cookie("_ga", "y") } shouldBeServed ("hit" to "1")
                client.get("/page") {
                    cookie("_ga", "y")
                    cookie("SID", "y")
                } shouldBeServed ("bypass" to "2")
            }
        }

        test("a response that varies is stored for each value of the header") {
            testApplication {
                page {
                    call.response.header(HttpHeaders.Vary, HttpHeaders.AcceptLanguage)
                    call.respondText("${call.request.headers[HttpHeaders.AcceptLanguage]} $it")
                }

                suspend fun language(value: String?) = client.get("/page") {
                    if (value != null) header(HttpHeaders.AcceptLanguage, value)
                }
                language("en") shouldBeServed ("miss" to "en 1")
                language("de") shouldBeServed ("miss" to "de 2")
                language(null) shouldBeServed ("miss" to "null 3")
                repeat(2) {
                    language("en") shouldBeServed ("hit" to "en 1")
                    language("de") shouldBeServed ("hit" to "de 2")
                    language(null) shouldBeServed ("hit" to "null 3")
                }
            }
        }

        test("a response that begins to vary by more is not served to those who differ by it") {
            var by = "X-One"
            testApplication {
                page {
                    call.response.header(HttpHeaders.Vary, by)
                    call.respondText("${call.request.headers["X-One"]}${call.request.headers["X-Two"]} $it")
                }

                suspend fun ask(one: String, two: String) = client.get("/page") {
                    header("X-One", one)
                    header("X-Two", two)
                }
                ask("a", "a") shouldBeServed ("miss" to "aa 1")
                by = "X-One, X-Two"
                ask("b", "a") shouldBeServed ("miss" to "ba 2")
                ask("b", "b") shouldBeServed ("miss" to "bb 3")
                ask("b", "a") shouldBeServed ("miss" to "ba 4")
                ask("b", "a") shouldBeServed ("hit" to "ba 4")
                ask("b", "b") shouldBeServed ("hit" to "bb 3")
            }
        }

        test("Accept makes a difference without Vary, and other headers that are named") {
            testApplication {
                page { call.respondText("$it") }
                client.get("/page") { header(HttpHeaders.Accept, "text/html") } shouldBeServed ("miss" to "1")
                client.get("/page") { header(HttpHeaders.Accept, "text/xml") } shouldBeServed ("miss" to "2")
                client.get("/page") { header(HttpHeaders.Accept, "text/html") } shouldBeServed ("hit" to "1")
            }
        }

        test("the query makes a difference, in any order, and only the parameters that are named") {
            testApplication {
                page { call.respondText("$it") }
                client.get("/page?a=1&b=2") shouldBeServed ("miss" to "1")
                client.get("/page?b=2&a=1") shouldBeServed ("hit" to "1")
                client.get("/page?a=1%26b%3D2") shouldBeServed ("miss" to "2")
                client.get("/page?a=2&a=1") shouldBeServed ("miss" to "3")
                client.get("/page?a=1&a=2") shouldBeServed ("miss" to "4")
            }
            testApplication {
                page({ queryParameters = setOf("id") }) { call.respondText("$it") }
                client.get("/page?id=1&utm=x") shouldBeServed ("miss" to "1")
                client.get("/page?utm=y&id=1") shouldBeServed ("hit" to "1")
                client.get("/page?id=2") shouldBeServed ("miss" to "2")
            }
        }

        test("hosts have pages of their own") {
            testApplication {
                page { call.respondText("$it") }
                client.get("/page") { header(HttpHeaders.Host, "a.example") } shouldBeServed ("miss" to "1")
                client.get("/page") { header(HttpHeaders.Host, "b.example") } shouldBeServed ("miss" to "2")
                client.get("/page") { header(HttpHeaders.Host, "a.example") } shouldBeServed ("hit" to "1")
            }
        }

        test("parts of the visitors have pages of their own, and those of no part go past the cache") {
            testApplication {
                page({ partition { it.request.headers["X-Tenant"] } }) { call.respondText("$it") }
                client.get("/page") { header("X-Tenant", "a") } shouldBeServed ("miss" to "1")
                client.get("/page") { header("X-Tenant", "b") } shouldBeServed ("miss" to "2")
                client.get("/page") { header("X-Tenant", "a") } shouldBeServed ("hit" to "1")
                client.get("/page") shouldBeServed ("bypass" to "3")
            }
        }

        test("redirects and what is not found are stored, and empty bodies") {
            testApplication {
                page { call.respondRedirect("/elsewhere/$it", permanent = true) }
                val browser = createClient { followRedirects = false }
                repeat(2) {
                    val answer = browser.get("/page")
                    answer.status shouldBe HttpStatusCode.MovedPermanently
                    answer.headers[HttpHeaders.Location] shouldBe "/elsewhere/1"
                }
            }
            testApplication {
                page { call.respondText("no $it", status = HttpStatusCode.NotFound) }
                repeat(2) {
                    val answer = client.get("/page")
                    answer.status shouldBe HttpStatusCode.NotFound
                    answer.bodyAsText() shouldBe "no 1"
                }
            }
        }

        test("a body that is written bit by bit is stored") {
            testApplication {
                page {
                    call.respondBytesWriter(ContentType.Text.Plain) {
                        repeat(100) { i -> writeStringUtf8("$i,") }
                    }
                }
                val all = (0 until 100).joinToString("") { "$it," }
                client.get("/page") shouldBeServed ("miss" to all)
                val served = client.get("/page")
                served shouldBeServed ("hit" to all)
                served.contentType()?.withoutParameters() shouldBe ContentType.Text.Plain
            }
        }

        test("headers that plugins set are those of each request") {
            val ids = AtomicInteger()
            testApplication {
                install(
                    createApplicationPlugin("Ids") {
                        onCall { it.response.headers.append("X-Id", "before ${ids.incrementAndGet()}") }
                        onCallRespond { call -> call.response.headers.append("X-Late", "late ${ids.get()}") }
                    },
                )
                page {
                    call.response.header("X-Id", "own")
                    call.respondText("$it")
                }
                val made = client.get("/page")
                made.headers.getAll("X-Id") shouldBe listOf("before 1", "own")
                made.headers.getAll("X-Late") shouldBe listOf("late 1")
                val served = client.get("/page")
                served shouldBeServed ("hit" to "1")
                served.headers.getAll("X-Id") shouldBe listOf("before 2", "own")
                served.headers.getAll("X-Late") shouldBe listOf("late 2")
            }
        }

        test("what a plugin before it refuses is refused although the page is there") {
            testApplication {
                val runs = AtomicInteger()
                routing {
                    route("/secret") {
                        install(
                            createRouteScopedPlugin("Guard") {
                                onCall {
                                    if (it.request.headers["X-Key"] ==
                                        null
                                    ) {
                                        it.respond(HttpStatusCode.Unauthorized)
                                    }
                                }
                            },
                        )
                        install(MemcachedResponseCache) {
                            client = cache
                            ttl = 1.minutes
                            prefix = "guarded:"
                        }
                        get { call.respondText("page ${runs.incrementAndGet()}") }
                    }
                }
                client.get("/secret") { header("X-Key", "k") } shouldBeServed ("miss" to "page 1")
                client.get("/secret").status shouldBe HttpStatusCode.Unauthorized
                client.get("/secret") { header("X-Key", "k") } shouldBeServed ("hit" to "page 1")
            }
        }

        test("routes without it are as they were") {
            testApplication {
                page { call.respondText("$it") }
                routing { get("/other") { call.respondText("other") } }
                client.get("/other").headers["X-Cache"].shouldBeNull()
                client.get("/nowhere").status shouldBe HttpStatusCode.NotFound
            }
        }

        test("max-age of the response is an upper limit of its time") {
            testApplication {
                page {
                    call.response.header(HttpHeaders.CacheControl, "max-age=1")
                    call.respondText("$it")
                }
                client.get("/page") shouldBeServed ("miss" to "1")
                eventually(10.seconds) { client.get("/page").bodyAsText() shouldNotBe "1" }
            }
        }

        test("a handler that throws fails its request, and the next one runs it again") {
            testApplication {
                val runs = page { if (it == 1) throw DatabaseDown() else call.respondText("$it") }
                shouldFail(client)
                client.get("/page") shouldBeServed ("miss" to "2")
                runs.get() shouldBe 2
            }
        }

        test("with failSafe a page whose time is over is served when the handler throws") {
            testApplication {
                var down = false
                val runs = page({
                    ttl = 1.seconds
                    failSafe = 1.minutes
                }) { if (down) throw DatabaseDown() else call.respondText("$it") }
                client.get("/page") shouldBeServed ("miss" to "1")
                down = true
                eventually(10.seconds) { client.get("/page") shouldBeServed ("stale" to "1") }
                val before = runs.get()
                repeat(5) { client.get("/page") shouldBeServed ("stale" to "1") }
                runs.get() shouldBe before
            }
        }

        test("a handler that takes longer than the lease is cancelled, and the request fails") {
            testApplication {
                val cancelled = CompletableDeferred<Unit>()
                page({ lease = 1.seconds }) {
                    try {
                        CompletableDeferred<Unit>().await()
                    } finally {
                        cancelled.complete(Unit)
                    }
                }
                shouldFail(client)
                cancelled.await()
            }
        }

        test("a handler that answers nothing is not found, each time") {
            testApplication {
                val runs = page { }
                repeat(2) { client.get("/page").status shouldBe HttpStatusCode.NotFound }
                runs.get() shouldBe 2
            }
        }

        test("no request fails because the cache is dead") {
            MemcachedServer.start().use { own ->
                MemcachedClient(own.address().toString()) { requestTimeout = 300.milliseconds }.use { dying ->
                    testApplication {
                        page({ client = dying }) { call.respondText("$it") }
                        client.get("/page") shouldBeServed ("miss" to "1")
                        own.kill()
                        client.get("/page") shouldBeServed ("miss" to "2")
                        client.get("/page") shouldBeServed ("miss" to "3")
                    }
                }
            }
        }

        test("the client is that of the application where none is named") {
            val own = MemcachedClient(server.address().toString())
            testApplication {
                install(Cachewire) { client = own }
                page({ client = null }) { call.respondText("$it") }
                client.get("/page") shouldBeServed ("miss" to "1")
                client.get("/page") shouldBeServed ("hit" to "1")
            }
        }

        test("a cache without a client or a ttl is refused") {
            for (missing in listOf<MemcachedResponseCacheConfig.() -> Unit>({ client = null }, { ttl = null })) {
                val failure = shouldThrow<Exception> {
                    testApplication {
                        page(missing) { call.respondText("$it") }
                        startApplication()
                    }
                }
                generateSequence<Throwable>(failure) { it.cause }.joinToString { it.message.orEmpty() } shouldContain
                    "MemcachedResponseCache needs"
            }
        }
    })

private suspend fun shouldFail(client: HttpClient) {
    val status = runCatching { client.get("/page").status }.getOrDefault(HttpStatusCode.InternalServerError)
    status shouldBe HttpStatusCode.InternalServerError
}
