@file:JvmName("FilmService")

package io.cachewire.samples

import io.cachewire.MemcachedClient
import io.cachewire.get
import io.cachewire.serialization.json.JsonSerde
import io.cachewire.set
import io.ktor.http.ContentType
import io.ktor.http.HttpStatusCode
import io.ktor.server.application.Application
import io.ktor.server.application.ApplicationCall
import io.ktor.server.cio.CIO
import io.ktor.server.engine.embeddedServer
import io.ktor.server.response.header
import io.ktor.server.response.respond
import io.ktor.server.response.respondText
import io.ktor.server.routing.get
import io.ktor.server.routing.routing
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.future.await
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.sync.Semaphore
import kotlinx.coroutines.sync.withPermit
import kotlinx.coroutines.withContext
import kotlinx.serialization.json.Json
import java.io.PrintStream
import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpResponse
import kotlin.time.Duration.Companion.seconds

private const val SOURCE = "X-Source"
private const val REQUESTS = 200
private const val AT_ONCE = 20
private const val FILMS = 15

/** An HTTP service whose requests share one client, and a caller that sends it many requests at once; then both stop. */
fun main() = Sample.run { servers, out -> runBlocking { filmService(servers, out) } }

internal suspend fun filmService(servers: Array<String>, out: PrintStream) {
    val client =
        MemcachedClient(*servers) {
            serde = JsonSerde()
            requestTimeout = 2.seconds
        }
    client.use { cache ->
        cache.version().forEach { (server, version) -> out.println("memcached $version at $server") }
        FilmDatabase.open().use { database ->
            val server = embeddedServer(CIO, port = 0, host = "127.0.0.1") { films(cache, database) }
            server.startSuspend(wait = false)
            try {
                val port = server.engine.resolvedConnectors().first().port
                out.println(callMany(URI("http://127.0.0.1:$port/films/")))
            } finally {
                server.stopSuspend(gracePeriodMillis = 0, timeoutMillis = 1000)
            }
        }
    }
}

/** `GET /films/{id}`: a film as JSON, with a header that says where it came from. */
private fun Application.films(cache: MemcachedClient, database: FilmDatabase) {
    routing {
        get("/films/{id}") {
            val id = call.parameters["id"]?.toIntOrNull()
            if (id == null) {
                call.respond(HttpStatusCode.BadRequest)
                return@get
            }
            val cached = cache.get<Film>("film:$id")
            if (cached != null) {
                call.respondFilm(cached, "memcached")
                return@get
            }
            val stored = withContext(Dispatchers.IO) { database.film(id) }
            if (stored == null) {
                call.respond(HttpStatusCode.NotFound)
                return@get
            }
            cache.set("film:$id", stored, ttl = 60.seconds)
            call.respondFilm(stored, "database")
        }
    }
}

private suspend fun ApplicationCall.respondFilm(film: Film, source: String) {
    response.header(SOURCE, source)
    respondText(Json.encodeToString(film), ContentType.Application.Json)
}

/** What many calls of the service say of their sources. Several may miss the same film before the first of them has stored it. */
private suspend fun callMany(films: URI): String = coroutineScope {
    val http = HttpClient.newHttpClient()
    val permits = Semaphore(AT_ONCE)
    val sources =
        List(REQUESTS) { number ->
            async { permits.withPermit { source(http, films.resolve("${number % FILMS + 1}")) } }
        }
            .awaitAll()
            .groupingBy { it }
            .eachCount()
    "$REQUESTS requests, $AT_ONCE at a time: ${sources["database"] ?: 0} from database, ${sources["memcached"] ?: 0} from memcached"
}

private suspend fun source(http: HttpClient, film: URI): String {
    val answer = http.sendAsync(HttpRequest.newBuilder(film).build(), HttpResponse.BodyHandlers.ofString()).await()
    check(answer.statusCode() == HttpStatusCode.OK.value) { "$film answered ${answer.statusCode()}" }
    Json.decodeFromString<Film>(answer.body())
    return answer.headers().firstValue(SOURCE).orElseThrow()
}
