package io.cachewire.ktor

import io.cachewire.ClientClosedException
import io.cachewire.MemcachedClient
import io.cachewire.fixture.MemcachedServer
import io.cachewire.get
import io.cachewire.ktor.server.Cachewire
import io.cachewire.ktor.server.cachewire
import io.cachewire.set
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.ktor.client.HttpClient
import io.ktor.client.engine.cio.CIO
import io.ktor.client.request.get
import io.ktor.client.statement.bodyAsText
import io.ktor.server.application.ApplicationStopped
import io.ktor.server.application.install
import io.ktor.server.engine.embeddedServer
import io.ktor.server.response.respondText
import io.ktor.server.routing.get
import io.ktor.server.routing.routing
import io.ktor.server.testing.testApplication
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.supervisorScope
import kotlinx.coroutines.withContext
import java.util.concurrent.ConcurrentLinkedQueue
import io.ktor.server.cio.CIO as ServerCIO

class CachewirePluginTest :
    FunSpec({
        val server = MemcachedServer.start()
        afterSpec { server.close() }

        test("the application's client works while it runs and is closed when it has stopped") {
            lateinit var seen: MemcachedClient
            testApplication {
                application {
                    install(Cachewire) { client { servers(server.address().toString()) } }
                    seen = cachewire
                    routing {
                        get("/") {
                            call.application.cachewire.set("greeting", "hello")
                            call.respondText(call.application.cachewire.get<String>("greeting") ?: "nothing")
                        }
                    }
                }
                client.get("/").bodyAsText() shouldBe "hello"
            }
            shouldThrow<ClientClosedException> { seen.get<String>("greeting") }
        }

        test("a client that was handed in is the application's") {
            val own = MemcachedClient(server.address().toString())
            testApplication {
                application {
                    install(Cachewire) { client = own }
                    cachewire shouldBe own
                }
                startApplication()
            }
            shouldThrow<ClientClosedException> { own.get<String>("greeting") }
        }

        test("an application without the plugin says so") {
            testApplication {
                application { shouldThrow<IllegalStateException> { cachewire } }
                startApplication()
            }
        }

        test("the client is open until the last request has ended, and closed before the pools") {
            val order = ConcurrentLinkedQueue<String>()
            val reached = CompletableDeferred<Unit>()
            val goOn = CompletableDeferred<Unit>()
            lateinit var seen: MemcachedClient

            fun state() = runCatching { seen.blocking().get("late", String::class.java) }
                .fold({ "open" }, { if (it is ClientClosedException) "closed" else it.toString() })
            val web =
                embeddedServer(ServerCIO, port = 0, host = "127.0.0.1") {
                    install(Cachewire) { client { servers(server.address().toString()) } }
                    seen = cachewire
                    monitor.subscribe(ApplicationStopped) { order += "pools: ${state()}" }
                    routing {
                        get("/") {
                            try {
                                reached.complete(Unit)
                                goOn.await()
                                call.respondText("done")
                            } finally {
                                // CIO of Ktor 3.0 cancels requests when it stops
                                order += "request: ${state()}"
                            }
                        }
                    }
                }
            web.start(wait = false)
            HttpClient(CIO).use { browser ->
                val port = web.engine.resolvedConnectors().single().port
                withContext(Dispatchers.IO) {
                    supervisorScope {
                        val answer = async { browser.get("http://127.0.0.1:$port/").bodyAsText() }
                        reached.await()
                        val stop = async { web.stop(5_000, 10_000) }
                        goOn.complete(Unit)
                        answer.join()
                        stop.await()
                    }
                }
            }
            order.toList() shouldBe listOf("request: open", "pools: closed")
        }
    })
