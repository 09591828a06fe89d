package com.example

import io.cachewire.MemcachedClient
import io.cachewire.get
import io.cachewire.set
import io.cachewire.verification.consumers.CacheUser
import io.cachewire.verification.consumers.Checks
import io.ktor.http.HttpStatusCode
import io.ktor.server.cio.CIO
import io.ktor.server.engine.embeddedServer
import io.ktor.server.request.receiveText
import io.ktor.server.response.respondText
import io.ktor.server.routing.get
import io.ktor.server.routing.put
import io.ktor.server.routing.routing
import kotlinx.coroutines.runBlocking
import java.io.IOException
import java.net.HttpURLConnection
import java.net.URI
import kotlin.time.Duration.Companion.minutes

/** A server whose routes read and write the cache, and calls them over HTTP. */
private class RouteUser(
    private val cache: MemcachedClient,
    private val direct: CacheUser = KotlinUser(cache),
) : CacheUser by direct {
    private val server =
        embeddedServer(CIO, port = 0, host = "127.0.0.1") {
            routing {
                get("/{key}") {
                    val value: String? = cache.get<String>(call.parameters["key"]!!)
                    if (value == null) {
                        call.respondText("no such key", status = HttpStatusCode.NotFound)
                    } else {
                        call.respondText(value)
                    }
                }
                put("/{key}") {
                    cache.set(call.parameters["key"]!!, call.receiveText(), ttl = 5.minutes)
                    call.respondText("stored")
                }
            }
        }.start()
    private val port = runBlocking { server.engine.resolvedConnectors().single().port }

    override fun set(key: String, value: String) {
        call("PUT", key, value)
    }

    override fun get(key: String): String? = call("GET", key, null)

    private fun call(method: String, key: String, body: String?): String? {
        val connection = URI("http://127.0.0.1:$port/$key").toURL().openConnection() as HttpURLConnection
        connection.requestMethod = method
        connection.setRequestProperty("Connection", "close")
        if (body != null) {
            connection.doOutput = true
            connection.outputStream.use { it.write(body.toByteArray()) }
        }
        try {
            return when (connection.responseCode) {
                200 -> connection.inputStream.use { it.readBytes().decodeToString() }
                404 -> null
                else -> throw IOException("status ${connection.responseCode}")
            }
        } finally {
            connection.disconnect()
        }
    }

    override fun close() {
        server.stop(0, 5_000)
        direct.close()
    }
}

fun main() = Checks.run { server -> RouteUser(connect(server)) }
