@file:JvmName("KtorService")

package io.cachewire.samples

import io.cachewire.MemcachedClient
import io.cachewire.ktor.server.Cachewire
import io.cachewire.ktor.server.MemcachedResponseCache
import io.cachewire.ktor.server.MemcachedSessionStorage
import io.cachewire.ktor.server.cachewire
import io.ktor.http.HttpStatusCode
import io.ktor.server.application.Application
import io.ktor.server.application.install
import io.ktor.server.cio.CIO
import io.ktor.server.engine.embeddedServer
import io.ktor.server.response.respond
import io.ktor.server.response.respondText
import io.ktor.server.routing.get
import io.ktor.server.routing.route
import io.ktor.server.routing.routing
import io.ktor.server.sessions.Sessions
import io.ktor.server.sessions.clear
import io.ktor.server.sessions.cookie
import io.ktor.server.sessions.get
import io.ktor.server.sessions.sessions
import io.ktor.server.sessions.set
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext
import java.io.PrintStream
import java.net.CookieManager
import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpResponse
import java.time.Duration
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

/** A Ktor service with sessions and a page that is made once, as two instances behind a load balancer; a visitor calls them in turn. */
fun main() = Sample.run { servers, out -> runBlocking { ktorService(servers, out) } }

internal suspend fun ktorService(servers: Array<String>, out: PrintStream) {
    MemcachedClient(*servers).use { it.version() }
    FilmDatabase.open().use { database ->
        val instances = List(2) {
            embeddedServer(CIO, port = 0, host = "127.0.0.1") { service(servers, database) }
        }
        try {
            val ports = instances.map {
                it.startSuspend(wait = false)
                it.engine.resolvedConnectors().first().port
            }
            withContext(Dispatchers.IO) { visit(ports, out) }
        } finally {
            instances.forEach { it.stopSuspend(gracePeriodMillis = 0, timeoutMillis = 1000) }
        }
    }
}

private fun Application.service(servers: Array<String>, database: FilmDatabase) {
    install(Cachewire) { client { servers(*servers) } }
    val storage = MemcachedSessionStorage(cachewire, ttl = 30.minutes)
    install(Sessions) { cookie<UserSession>("SID", storage) }
    routing {
        get("/login/{name}") {
            call.sessions.set(UserSession(call.parameters["name"]!!))
            call.respondText("welcome")
        }
        get("/visit") {
            val user = call.sessions.get<UserSession>() ?: return@get call.respond(HttpStatusCode.Unauthorized)
            call.sessions.set(user.copy(visits = user.visits + 1))
            call.respondText("visit ${user.visits + 1} of ${user.name}")
        }
        get("/logout") {
            call.sessions.clear<UserSession>()
            call.respondText("bye")
        }
        route("/films/{id}") {
            install(MemcachedResponseCache) {
                ttl = 30.seconds
                failSafe = 10.minutes
                ignoredCookies = setOf("SID")
            }
            get {
                val film = withContext(Dispatchers.IO) { database.film(call.parameters["id"]!!.toInt()) }
                if (film == null) call.respond(HttpStatusCode.NotFound) else call.respondText(film.title)
            }
        }
    }
}

private fun visit(ports: List<Int>, out: PrintStream) {
    val browser = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).cookieHandler(CookieManager()).build()
    // a page belongs to its host and port, which a load balancer makes one; here the film is asked of the same instance twice
    val paths = listOf("/visit", "/login/ada", "/visit", "/visit", "/films/14", "/logout", "/films/14", "/visit")
    paths.forEachIndexed { number, path ->
        val request = HttpRequest.newBuilder(URI("http://127.0.0.1:${ports[number % ports.size]}$path"))
            .timeout(Duration.ofSeconds(20)).build()
        val answer = browser.send(request, HttpResponse.BodyHandlers.ofString())
        val source = answer.headers().firstValue("X-Cache").map { " ($it)" }.orElse("")
        out.println("$path ${answer.statusCode()} ${answer.body()}$source".trim())
    }
}
