package io.cachewire.ktor

import io.cachewire.MemcachedClient
import io.cachewire.MemcachedException
import io.cachewire.Protocol
import io.cachewire.WriteFailures
import io.cachewire.fixture.MemcachedServer
import io.cachewire.item
import io.cachewire.ktor.server.MemcachedSessionStorage
import io.cachewire.ktor.server.SessionFailures
import io.kotest.assertions.nondeterministic.eventually
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNotBe
import io.kotest.matchers.string.shouldNotContain
import io.kotest.matchers.types.shouldBeInstanceOf
import io.ktor.client.HttpClient
import io.ktor.client.plugins.cookies.AcceptAllCookiesStorage
import io.ktor.client.plugins.cookies.HttpCookies
import io.ktor.client.request.cookie
import io.ktor.client.request.get
import io.ktor.client.statement.bodyAsText
import io.ktor.http.HttpStatusCode
import io.ktor.http.setCookie
import io.ktor.server.application.install
import io.ktor.server.response.respondText
import io.ktor.server.routing.get
import io.ktor.server.routing.routing
import io.ktor.server.sessions.SessionSerializer
import io.ktor.server.sessions.SessionStorage
import io.ktor.server.sessions.Sessions
import io.ktor.server.sessions.clear
import io.ktor.server.sessions.cookie
import io.ktor.server.sessions.get
import io.ktor.server.sessions.sessions
import io.ktor.server.sessions.set
import io.ktor.server.testing.ApplicationTestBuilder
import io.ktor.server.testing.testApplication
import kotlinx.coroutines.flow.toList
import java.io.PrintWriter
import java.io.StringWriter
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

data class Visitor(
    val name: String,
    val visits: Int = 0,
)

private object Visitors : SessionSerializer<Visitor> {
    override fun serialize(session: Visitor) = "${session.visits} ${session.name}"

    override fun deserialize(text: String) = Visitor(text.substringAfter(' '), text.substringBefore(' ').toInt())
}

private fun ApplicationTestBuilder.visitors(storage: SessionStorage) {
    application {
        install(Sessions) { cookie<Visitor>("SID", storage) { serializer = Visitors } }
        routing {
            get("/login/{name}") {
                call.sessions.set(Visitor(call.parameters["name"]!!))
                call.respondText("welcome")
            }
            get("/visit") {
                val visitor = call.sessions.get<Visitor>()
                if (visitor != null) call.sessions.set(visitor.copy(visits = visitor.visits + 1))
                call.respondText(visitor?.let { "${it.name} ${it.visits}" } ?: "unknown")
            }
            get("/who") { call.respondText(call.sessions.get<Visitor>()?.name ?: "unknown") }
            get("/logout") {
                call.sessions.clear<Visitor>()
                call.respondText("bye")
            }
        }
    }
}

private fun ApplicationTestBuilder.browser(): HttpClient = createClient {
    install(HttpCookies) { storage = AcceptAllCookiesStorage() }
}

private fun Throwable.everything(): String = StringWriter().also { printStackTrace(PrintWriter(it)) }.toString()

class MemcachedSessionStorageTest :
    FunSpec({
        val server = MemcachedServer.start()
        val cache = MemcachedClient(server.address().toString()) { requestTimeout = 10.seconds }
        afterSpec {
            cache.close()
            server.close()
        }

        val id = "0123456789abcdef0123456789abcdef"

        suspend fun keysOf(prefix: String): List<String> =
            cache.admin().metadump(server.address()).toList().map { it.key() }.filter { it.startsWith(prefix) }

        test("a session that is written is read until it is invalidated") {
            val storage = MemcachedSessionStorage(cache, 5.minutes, prefix = "a:")
            storage.write(id, "value")
            storage.read(id) shouldBe "value"
            storage.write(id, "other")
            storage.read(id) shouldBe "other"
            storage.invalidate(id)
            shouldThrow<NoSuchElementException> { storage.read(id) }
        }

        test("a session that never was, and one that has been invalidated before, may be invalidated") {
            val storage = MemcachedSessionStorage(cache, 5.minutes, prefix = "b:")
            storage.invalidate(id)
            storage.write(id, "value")
            storage.invalidate(id)
            storage.invalidate(id)
        }

        test("an empty session is a session") {
            val storage = MemcachedSessionStorage(cache, 5.minutes, prefix = "c:")
            storage.write(id, "")
            storage.read(id) shouldBe ""
        }

        for (protocol in listOf(Protocol.META, Protocol.TEXT, Protocol.BINARY)) {
            test("in $protocol reading gives a sliding session the whole ttl again, and leaves another one as it is") {
                MemcachedClient(server.address().toString()) { this.protocol = protocol }.use { client ->
                    for (sliding in listOf(true, false)) {
                        val short = MemcachedSessionStorage(client, 100.seconds, sliding, "d:$protocol:$sliding:")
                        val long = MemcachedSessionStorage(client, 500.seconds, sliding, "d:$protocol:$sliding:")
                        short.write(id, "value")
                        long.read(id) shouldBe "value"
                        val key = keysOf("d:$protocol:$sliding:").single()
                        val left = cache.item<String>(key)?.ttl().shouldNotBeNull()
                        (left.toSeconds() > 100) shouldBe sliding
                    }
                }
            }
        }

        test("a session whose time is over is no such element") {
            val storage = MemcachedSessionStorage(cache, 1.seconds, sliding = false, prefix = "e:")
            storage.write(id, "value")
            eventually(10.seconds) {
                shouldThrow<NoSuchElementException> { storage.read(id) }
            }
        }

        test("a server that is dead is a failure, not a session that has ended, and nobody is logged out") {
            MemcachedServer.start().use { own ->
                MemcachedClient(own.address().toString()) { requestTimeout = 500.milliseconds }.use { client ->
                    val storage = MemcachedSessionStorage(client, 5.minutes)
                    testApplication {
                        visitors(storage)
                        val browser = browser()
                        browser.get("/login/anna").bodyAsText() shouldBe "welcome"
                        own.kill()
                        // the test host of Ktor 3.0 throws what the handler threw
                        runCatching { browser.get("/who") }.fold({
                            it.status shouldBe HttpStatusCode.InternalServerError
                            it.setCookie().any { cookie -> cookie.name == "SID" } shouldBe false
                        }, { it.shouldBeInstanceOf<MemcachedException>() })
                    }
                    val failure = shouldThrow<MemcachedException> { storage.read(id) }
                    failure.everything() shouldNotContain id
                }
            }
        }

        test("a server that is dead reads as an unknown visitor where that was chosen") {
            MemcachedServer.start().use { own ->
                MemcachedClient(own.address().toString()) { requestTimeout = 500.milliseconds }.use { client ->
                    val storage = MemcachedSessionStorage(client, 5.minutes, onFailure = SessionFailures.ANONYMOUS)
                    own.kill()
                    val failure = shouldThrow<NoSuchElementException> { storage.read(id) }
                    failure.cause.shouldBeInstanceOf<MemcachedException>()
                    failure.everything() shouldNotContain id
                    testApplication {
                        visitors(storage)
                        this.client.get("/who") { cookie("SID", id) }.bodyAsText() shouldBe "unknown"
                    }
                }
            }
        }

        test("a logout that did not reach the server fails, also with a client that ignores failed writes") {
            MemcachedServer.start().use { own ->
                MemcachedClient(own.address().toString()) {
                    requestTimeout = 500.milliseconds
                    writeFailures = WriteFailures.IGNORE
                }.use { client ->
                    val storage = MemcachedSessionStorage(client, 5.minutes)
                    storage.write(id, "value")
                    own.kill()
                    repeat(3) {
                        shouldThrow<MemcachedException> { storage.invalidate(id) }.everything() shouldNotContain id
                        shouldThrow<MemcachedException> { storage.write(id, "v") }.everything() shouldNotContain id
                    }
                }
            }
        }

        test("no message of any failure, and no key of the server, has the id or the session") {
            val storage = MemcachedSessionStorage(cache, 5.minutes, prefix = "f:")
            shouldThrow<NoSuchElementException> { storage.read(id) }.everything() shouldNotContain id
            val secret = "secret-of-anna".repeat(200_000)
            val tooLarge = shouldThrow<MemcachedException> { storage.write(id, secret) }
            tooLarge.everything() shouldNotContain id
            tooLarge.everything() shouldNotContain "secret-of-anna"
            tooLarge.key()!! shouldNotContain id
            storage.write(id, "value")
            keysOf("f:").single() shouldNotContain id
            storage.toString() shouldNotContain id
        }

        test("what a visitor invents as an id is no session and harms nothing") {
            val storage = MemcachedSessionStorage(cache, 5.minutes, prefix = "g:")
            storage.write(id, "value")
            val inventions = listOf("", " ", "a b", "x\r\nflush_all\r\n", "k".repeat(5000), "\u0000", "é", "\uD800")
            for (invented in inventions) {
                shouldThrow<NoSuchElementException> { storage.read(invented) }
                storage.invalidate(invented)
            }
            storage.read(id) shouldBe "value"
        }

        test("two storages with different prefixes share no session") {
            MemcachedSessionStorage(cache, 5.minutes, prefix = "h:").write(id, "value")
            shouldThrow<NoSuchElementException> { MemcachedSessionStorage(cache, 5.minutes, prefix = "i:").read(id) }
        }

        test("a ttl that is no time is refused at once") {
            shouldThrow<IllegalArgumentException> { MemcachedSessionStorage(cache, 0.seconds) }
            shouldThrow<IllegalArgumentException> { MemcachedSessionStorage(cache, (-1).seconds) }
        }

        test("a visitor is known to all instances until the logout") {
            val storage = MemcachedSessionStorage(cache, 5.minutes, prefix = "j:")
            var cookie = ""
            testApplication {
                visitors(storage)
                val browser = browser()
                browser.get("/who").bodyAsText() shouldBe "unknown"
                cookie = browser.get("/login/anna").setCookie().single { it.name == "SID" }.value
                browser.get("/visit").bodyAsText() shouldBe "anna 0"
                browser.get("/visit").bodyAsText() shouldBe "anna 1"
            }
            testApplication {
                visitors(MemcachedSessionStorage(cache, 5.minutes, prefix = "j:"))
                client.get("/visit") { cookie("SID", cookie) }.bodyAsText() shouldBe "anna 2"
                client.get("/logout") { cookie("SID", cookie) }.bodyAsText() shouldBe "bye"
                client.get("/who") { cookie("SID", cookie) }.bodyAsText() shouldBe "unknown"
            }
        }

        test("an id that nobody gave out is no session, and its cookie is taken away") {
            val storage = MemcachedSessionStorage(cache, 5.minutes, prefix = "k:")
            testApplication {
                visitors(storage)
                val answer = client.get("/who") { cookie("SID", "of-nobody") }
                answer.bodyAsText() shouldBe "unknown"
                answer.setCookie().single { it.name == "SID" }.value shouldBe ""
            }
        }

        test("a session that the server evicted is one that has ended") {
            val storage = MemcachedSessionStorage(cache, 5.minutes, prefix = "l:")
            testApplication {
                visitors(storage)
                val browser = browser()
                val first = browser.get("/login/anna").setCookie().single { it.name == "SID" }.value
                cache.flushAll()
                browser.get("/who").bodyAsText() shouldBe "unknown"
                val second = browser.get("/login/anna").setCookie().single { it.name == "SID" }.value
                second shouldNotBe first
                browser.get("/who").bodyAsText() shouldBe "anna"
            }
        }
    })
