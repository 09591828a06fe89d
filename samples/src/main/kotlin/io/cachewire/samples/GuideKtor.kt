package io.cachewire.samples

import io.cachewire.MemcachedClient
import io.cachewire.ktor.client.MemcachedCacheStorage
import io.cachewire.ktor.server.Cachewire
import io.cachewire.ktor.server.MemcachedResponseCache
import io.cachewire.ktor.server.MemcachedSessionStorage
import io.cachewire.ktor.server.cachewire
import io.ktor.client.HttpClient
import io.ktor.client.engine.HttpClientEngine
import io.ktor.client.plugins.cache.HttpCache
import io.ktor.server.application.Application
import io.ktor.server.application.install
import io.ktor.server.response.respondText
import io.ktor.server.routing.get
import io.ktor.server.routing.route
import io.ktor.server.routing.routing
import io.ktor.server.sessions.Sessions
import io.ktor.server.sessions.cookie
import kotlinx.serialization.Serializable
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

@Serializable
data class UserSession(val name: String, val visits: Int = 0)

/** The Kotlin of the page on Ktor. */
object GuideKtor {
    fun client(application: Application, server: String): Unit = with(application) {
        install(Cachewire) { client { servers(server) } }
    }

    fun sessions(application: Application): Unit = with(application) {
        val storage = MemcachedSessionStorage(cachewire, ttl = 30.minutes)
        install(Sessions) { cookie<UserSession>("SID", storage) }
    }

    fun responses(application: Application, news: suspend () -> String): Unit = with(application) {
        routing {
            route("/news") {
                install(MemcachedResponseCache) {
                    ttl = 30.seconds
                    failSafe = 10.minutes
                }
                get { call.respondText(news()) }
            }
        }
    }

    fun http(engine: HttpClientEngine, cache: MemcachedClient): HttpClient {
        val http = HttpClient(engine) {
            install(HttpCache) {
                isShared = true
                publicStorage(MemcachedCacheStorage(cache))
            }
        }
        return http
    }
}
