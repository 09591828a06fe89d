package io.cachewire.observe

import io.cachewire.ClusterView
import io.cachewire.ServerLoad
import io.cachewire.ValueType
import io.cachewire.fixture.Delivery.resetAfter
import io.cachewire.fixture.Gate
import io.cachewire.fixture.HostileServer
import io.cachewire.fixture.MemcachedServer
import io.cachewire.get
import io.cachewire.reliability.client
import io.cachewire.set
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.booleans.shouldBeTrue
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContain
import io.kotest.matchers.collections.shouldNotContain
import io.kotest.matchers.longs.shouldBeGreaterThan
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldStartWith
import org.awaitility.Awaitility
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit.SECONDS
import java.util.concurrent.atomic.AtomicReference
import kotlin.time.Duration.Companion.seconds

private val TEXT = ValueType.of(String::class.java)

/** Writes down events, with the threads. */
private class Events : ClientListener {
    val all = ConcurrentLinkedQueue<ClientEvent>()
    val threads = ConcurrentLinkedQueue<Thread>()

    override fun happened(event: ClientEvent) {
        threads.add(Thread.currentThread())
        all.add(event)
    }

    fun await(condition: (ClientEvent) -> Boolean) = Awaitility.await().until { all.any(condition) }
}

/** What a listener is told of connections, servers and requests that nobody waits for. */
class ClientEventsTest :
    FunSpec({
        test("a server that goes and returns is told step by step, on a thread for events") {
            MemcachedServer.start().use { server ->
                val events = Events()
                client(server.address()) { listener(events) }.use { cache ->
                    cache.get<String>("k")
                    events.await { it == ClientEvent.Connected(server.address()) }
                    server.kill()
                    Awaitility.await().until {
                        runCatching { cache.blocking().get("k", TEXT) }
                        events.all.any { it is ClientEvent.ServerDown }
                    }
                    events.all.map { it.javaClass } shouldContain ClientEvent.ConnectFailed::class.java
                    events.all.map { it.javaClass } shouldContain ClientEvent.ConnectionLost::class.java
                    events.all.map { it.javaClass } shouldNotContain ClientEvent.ServerUp::class.java
                    server.startAgain()
                    events.await { it == ClientEvent.ServerUp(server.address()) }
                }
                events.threads.forEach { it.name shouldStartWith "cachewire-events-" }
            }
        }

        test("a repetition is told with its verb and number") {
            HostileServer.start().use { hostile ->
                val events = Events()
                client(hostile.address()) {
                    requestTimeout = 5.seconds
                    listener(events)
                }.use { cache ->
                    cache.get<String>("k")
                    hostile.next("mg", resetAfter(0))
                    cache.get<String>("k").shouldBeNull()
                    events.await { it == ClientEvent.Retried(Verb.GET, 2) }
                }
            }
        }

        test("a fire-and-forget request that the server refuses is told, and a changed list of servers too") {
            MemcachedServer.start().use { server ->
                MemcachedServer.start().use { other ->
                    val events = Events()
                    client(server.address()) { listener(events) }.use { cache ->
                        cache.set("word", "no number")
                        cache.fireAndForget().increment("word", 1)
                        events.await { it is ClientEvent.FireAndForgetFailed && it.server() == server.address() }
                        val both = listOf(server.address(), other.address())
                        cache.cluster().setServers(both)
                        events.await { it == ClientEvent.ServersChanged(both) }
                    }
                }
            }
        }

        test("a listener of events that never returns holds up no call, and its thread ends with the client") {
            MemcachedServer.start().use { server ->
                val stuck = CountDownLatch(1)
                val interrupted = CountDownLatch(1)
                val never = CountDownLatch(1)
                val threads = ConcurrentLinkedQueue<Thread>()
                val blocking =
                    object : ClientListener {
                        override fun happened(event: ClientEvent) {
                            threads.add(Thread.currentThread())
                            stuck.countDown()
                            try {
                                never.await()
                            } finally {
                                interrupted.countDown()
                            }
                        }
                    }
                client(server.address()) { listener(blocking) }.use { cache ->
                    cache.set("k", "v")
                    stuck.await(10, SECONDS).shouldBeTrue()
                    repeat(100) { cache.get<String>("k") shouldBe "v" }
                    cache.disconnectAll()
                    Awaitility.await().until { runCatching { cache.blocking().get("k", TEXT) }.getOrNull() == "v" }
                }
                interrupted.await(10, SECONDS).shouldBeTrue()
                threads.forEach { it.join(10_000) }
                threads.filter { it.isAlive }.shouldBeEmpty()
            }
        }

        test("a listener may call the client while it is told of an event") {
            MemcachedServer.start().use { server ->
                val read = ConcurrentLinkedQueue<String>()
                val reader = AtomicReference<() -> String?>()
                val ready = CountDownLatch(1)
                val calling =
                    object : ClientListener {
                        override fun happened(event: ClientEvent) {
                            ready.await()
                            reader.get()()?.let(read::add)
                        }
                    }
                client(server.address()) { listener(calling) }.use { cache ->
                    reader.set { cache.blocking().get("k", TEXT) }
                    cache.set("k", "v")
                    ready.countDown()
                    Awaitility.await().until { read.contains("v") }
                }
            }
        }

        test("a listener sees the servers and what is under way from the start of a client to its end") {
            HostileServer.start().use { hostile ->
                val told = ConcurrentLinkedQueue<Pair<String, ClusterView>>()
                val keeping =
                    object : ClientListener {
                        override fun opened(servers: ClusterView) {
                            told.add("opened" to servers)
                        }

                        override fun closed(servers: ClusterView) {
                            told.add("closed" to servers)
                        }
                    }
                client(hostile.address()) {
                    requestTimeout = 5.seconds
                    listener(keeping)
                }.use { cache ->
                    val view = told.single().second
                    view.loads() shouldBe listOf(ServerLoad(hostile.address(), 0, 0, 0, 0))
                    cache.get<String>("k")
                    view.loads() shouldBe listOf(ServerLoad(hostile.address(), 1, 0, 0, 0))
                    val gate = Gate()
                    hostile.next("mg", gate)
                    val waiting = cache.async().get("k", String::class.java)
                    gate.awaitRequest()
                    val load = view.loads().single()
                    load.pendingRequests shouldBe 1
                    load.pendingBytes shouldBeGreaterThan 0
                    cache.cluster().loads() shouldBe listOf(load)
                    gate.open()
                    waiting.get(10, SECONDS).shouldBeNull()
                    view.loads() shouldBe listOf(ServerLoad(hostile.address(), 1, 0, 0, 0))
                    told.size shouldBe 1
                    cache.close()
                }
                told.map { it.first } shouldBe listOf("opened", "closed")
                told.map { it.second }.distinct().size shouldBe 1
            }
        }

        test("a listener that throws when a client is made or closed harms neither") {
            MemcachedServer.start().use { server ->
                val throwing =
                    object : ClientListener {
                        override fun opened(servers: ClusterView) = error("planted")

                        override fun closed(servers: ClusterView) = error("planted")
                    }
                client(server.address()) { listener(throwing) }.use { it.set("k", "v") }
            }
        }

        test("a listener that keeps what it is told of does not keep a client that is forgotten") {
            MemcachedServer.start().use { server ->
                val keeping =
                    object : ClientListener {
                        val open = ConcurrentHashMap.newKeySet<ClusterView>()

                        override fun opened(servers: ClusterView) {
                            open.add(servers)
                        }

                        override fun closed(servers: ClusterView) {
                            open.remove(servers)
                        }
                    }
                fun forget() = client(server.address()) { listener(keeping) }.blocking().set("k", "v")
                forget()
                keeping.open.size shouldBe 1
                Awaitility.await().atMost(30, SECONDS).until {
                    System.gc()
                    keeping.open.isEmpty()
                }
            }
        }

        test("a listener of a view is not told of events") {
            MemcachedServer.start().use { server ->
                val ofView = Events()
                val ofClient = Events()
                client(server.address()) { listener(ofClient) }.use { cache ->
                    cache.withListener(ofView).get<String>("k")
                    ofClient.await { it is ClientEvent.Connected }
                    ofView.all.shouldBeEmpty()
                }
            }
        }
    })
