package io.cachewire.samples

import io.cachewire.MemcachedClient
import io.cachewire.embedded.EmbeddedMemcached
import io.kotest.assertions.nondeterministic.eventually
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.ktor.client.request.get
import io.ktor.client.statement.bodyAsText
import io.ktor.http.HttpHeaders
import io.ktor.server.response.header
import io.ktor.server.response.respondText
import io.ktor.server.routing.get
import io.ktor.server.routing.routing
import io.ktor.server.testing.testApplication
import kotlin.time.Duration.Companion.seconds

class GuideKtorTest :
    FunSpec({
        test("the page on Ktor") {
            EmbeddedMemcached.start().use { memcached ->
                var made = 0
                testApplication {
                    application {
                        GuideKtor.client(this, memcached.address())
                        GuideKtor.sessions(this)
                        GuideKtor.responses(this) { "news ${++made}" }
                    }
                    routing {
                        get("/fetched") {
                            call.response.header(HttpHeaders.CacheControl, "max-age=60")
                            call.respondText("fetched ${++made}")
                        }
                    }
                    // on a machine under load the first calls can end before the cache is connected
                    eventually(20.seconds) { client.get("/news").headers["X-Cache"] shouldBe "hit" }
                    MemcachedClient(memcached.address()).use { cache ->
                        suspend fun fetch() = GuideKtor.http(client.engine, cache).get("/fetched").bodyAsText()
                        eventually(20.seconds) { fetch() shouldBe fetch() }
                    }
                }
            }
        }
    })
