package io.cachewire.ktor

import com.typesafe.config.ConfigFactory
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
import io.kotest.matchers.string.shouldContain
import io.ktor.client.HttpClient
import io.ktor.client.engine.cio.CIO
import io.ktor.client.request.get
import io.ktor.client.statement.bodyAsText
import io.ktor.server.application.ApplicationStopped
import io.ktor.server.application.install
import io.ktor.server.config.HoconApplicationConfig
import io.ktor.server.config.MapApplicationConfig
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

        val address = server.address().toString()
        val configurations = mapOf(
            "texts" to MapApplicationConfig("cachewire.servers" to address, "cachewire.request-timeout" to "1234ms"),
            "a list" to MapApplicationConfig("cachewire.requestTimeout" to "1234ms").also {
                it.put("cachewire.servers", listOf(address, address.replace("127.0.0.1", "127.0.0.2")))
            },
            "HOCON" to HoconApplicationConfig(
                ConfigFactory.parseString(
                    """cachewire { servers = ["$address"], request-timeout = 1234ms, grace = 1s }""",
                ),
            ),
            "a connection string" to
                MapApplicationConfig("cachewire.connectionString" to "memcached://$address/?requestTimeout=1234ms"),
        )
        for ((form, configuration) in configurations) {
            test("the configuration of the application sets up the client by $form") {
                testApplication {
                    environment { config = configuration }
                    application {
                        install(Cachewire) { client { namespace = "app:" } }
                        cachewire.settings().requestTimeout() shouldBe java.time.Duration.ofMillis(1234)
                        cachewire.settings().servers().first() shouldBe server.address()
                        cachewire.settings().servers().size shouldBe if (form == "a list") 2 else 1
                        cachewire.settings().namespace() shouldBe "app:"
                    }
                    startApplication()
                }
            }
        }

        test("a setting that there is not is named") {
            val failure = shouldThrow<Exception> {
                testApplication {
                    environment { config = MapApplicationConfig("cachewire.requestTimeOot" to "1s") }
                    application { install(Cachewire) }
                    startApplication()
                }
            }
            generateSequence<Throwable>(failure) { it.cause }.joinToString { it.message.orEmpty() } shouldContain
                "requestTimeOot"
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
