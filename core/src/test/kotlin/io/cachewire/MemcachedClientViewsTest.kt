package io.cachewire

import io.cachewire.MemcachedException.Delivery
import io.cachewire.fixture.MemcachedServer
import io.cachewire.observe.CallStart
import io.cachewire.observe.ClientListener
import io.cachewire.observe.Verb
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeSameInstanceAs
import java.util.concurrent.CopyOnWriteArrayList
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

/**
 * The functions of the suspend face that are about the client and not about an item, on a real server, in both
 * dialects.
 */
class MemcachedClientViewsTest :
    FunSpec({
        val server = MemcachedServer.start()
        afterSpec { server.close() }

        for (dialect in listOf(Protocol.META, Protocol.TEXT, Protocol.BINARY)) {
            fun client(address: String) = MemcachedClient(address) {
                protocol = dialect
                requestTimeout = 10.seconds
                backoff(1.minutes, 1.minutes)
            }

            context("$dialect") {
                lateinit var cache: MemcachedClient
                beforeTest { cache = client(server.address().toString()) }
                afterTest { cache.close() }

                suspend fun connectionsSoFar() = cache.stats().values.single().getValue("total_connections").toLong()

                test("withRequestTimeout") {
                    MemcachedServer.start().use { silent ->
                        client(silent.address().toString()).use { patient ->
                            patient.version()
                            silent.pause()
                            val hasty = patient.withRequestTimeout(50.milliseconds)
                            val late = shouldThrow<RequestTimeoutException> { hasty.get<String>("k") }
                            late.key() shouldBe "k"
                            late.delivery() shouldBe Delivery.INDETERMINATE
                        }
                    }
                }

                test("blocking") {
                    val before = connectionsSoFar()
                    val twin = cache.namespace("b:").blocking()
                    twin.set("k", "from blocking")
                    cache.get<String>("b:k") shouldBe "from blocking"
                    connectionsSoFar() shouldBe before
                }

                test("async") {
                    val before = connectionsSoFar()
                    val twin = cache.namespace("a:").async()
                    twin.set("k", "from async").join()
                    cache.get<String>("a:k") shouldBe "from async"
                    connectionsSoFar() shouldBe before
                }

                test("admin") {
                    cache.namespace("x:").set("k", "v")
                    val admin = cache.namespace("x:").admin()
                    if (dialect == Protocol.BINARY) {
                        shouldThrow<ProtocolException> { admin.debugItem("k") }.delivery() shouldBe Delivery.NOT_SENT
                    } else {
                        admin.debugItem("k")!!.raw().startsWith("ME x:k ") shouldBe true
                    }
                    cache.admin().version().keys shouldBe setOf(server.address())
                }

                test("meta") {
                    cache.namespace("x:").set("k", "v")
                    if (dialect == Protocol.META) {
                        cache.namespace("x:").meta().get<String>("k").item()!!.value shouldBe "v"
                    } else {
                        shouldThrow<ProtocolException> { cache.meta().get<String>("x:k") }
                    }
                }

                test("connect") {
                    cache.connect() shouldBe setOf(server.address())
                }

                test("ping") {
                    cache.namespace("x:").ping().answers() shouldBe mapOf(server.address() to true)
                }

                test("withWriteFailures") {
                    cache.withWriteFailures(WriteFailures.IGNORE).set("k", "v")
                    cache.get<String>("k") shouldBe "v"
                }

                test("withListener") {
                    val told = CopyOnWriteArrayList<Verb>()
                    val view =
                        cache.withListener(
                            object : ClientListener {
                                override fun callStarted(call: CallStart): Any? = told.add(call.verb())
                            },
                        )
                    view.set("k", "v")
                    view.get<String>("k") shouldBe "v"
                    cache.delete("k")
                    told shouldBe listOf(Verb.SET, Verb.GET)
                }

                test("withUndecodable") {
                    cache.set("text", "no number")
                    cache.withUndecodable(Undecodable.MISS).get<Int>("text").shouldBeNull()
                    shouldThrow<SerdeException> { cache.get<Int>("text") }
                }

                test("ignoredWrites") {
                    cache.ignoredWrites() shouldBe 0
                }

                test("cluster") {
                    cache.version()
                    val state = cache.namespace("x:").cluster().servers().single()
                    state.address() shouldBe server.address()
                    state.health() shouldBe ServerState.Health.LIVE
                }

                test("settings") {
                    val settings = cache.settings()
                    settings.servers() shouldBe listOf(server.address())
                    settings.protocol() shouldBe dialect
                    settings.requestTimeout().toSeconds() shouldBe 10
                    cache.namespace("x:").settings() shouldBeSameInstanceAs settings
                }

                test("disconnectAll") {
                    cache.set("k", "v")
                    val before = connectionsSoFar()
                    cache.disconnectAll()
                    cache.get<String>("k") shouldBe "v"
                    connectionsSoFar() shouldBe before + 1
                }

                test("forgetDeadServers") {
                    MemcachedServer.start().use { mortal ->
                        client(mortal.address().toString()).use { client ->
                            mortal.kill()
                            shouldThrow<ConnectionLostException> { client.get<String>("k") }
                            mortal.restart()
                            shouldThrow<ConnectionLostException> { client.get<String>("k") }
                                .delivery() shouldBe Delivery.NOT_SENT
                            client.forgetDeadServers()
                            client.get<String>("k").shouldBeNull()
                        }
                    }
                }

                test("copy") {
                    cache.copy { requestTimeout = 3.seconds }.use { copy ->
                        copy.settings().servers() shouldBe cache.settings().servers()
                        copy.settings().protocol() shouldBe dialect
                        copy.settings().requestTimeout().toSeconds() shouldBe 3
                        copy.set("k", "by the copy")
                    }
                    cache.get<String>("k") shouldBe "by the copy"
                }

                test("close") {
                    val view = cache.namespace("x:")
                    view.set("k", "v")
                    cache.close()
                    shouldThrow<ClientClosedException> { view.get<String>("k") }.delivery() shouldBe Delivery.NOT_SENT
                    shouldThrow<ClientClosedException> { view.version() }
                    cache.close()
                }
            }
        }
    })
