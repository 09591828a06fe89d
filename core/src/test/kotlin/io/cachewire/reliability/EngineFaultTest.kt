package io.cachewire.reliability

import io.cachewire.MemcachedException
import io.cachewire.ServerAddress
import io.cachewire.fixture.Delivery.hang
import io.cachewire.fixture.Gate
import io.cachewire.fixture.HostileServer
import io.cachewire.fixture.InTime
import io.cachewire.internal.cluster.ClusterSettings
import io.cachewire.internal.cluster.Node
import io.cachewire.internal.cluster.NodeContext
import io.cachewire.internal.connection.Ask
import io.cachewire.internal.connection.CLOSED
import io.cachewire.internal.connection.Clock
import io.cachewire.internal.connection.Connector
import io.cachewire.internal.connection.Failure
import io.cachewire.internal.connection.IoThread
import io.cachewire.internal.connection.PLAIN_FAILURES
import io.cachewire.internal.connection.PLAIN_SETTINGS
import io.cachewire.internal.connection.Resolver
import io.cachewire.internal.protocol.Reply
import io.cachewire.routing.RoutingPreset
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContain
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import java.net.InetAddress
import java.net.UnknownHostException
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicInteger
import java.util.concurrent.atomic.AtomicLong
import java.util.concurrent.atomic.AtomicReference
import kotlin.time.Duration.Companion.seconds

/** One node over a clock and a resolver of the test's. */
private class Engine(
    host: String,
    port: Int,
    private val clock: Clock = Clock.System,
    resolver: Resolver = Resolver { listOf(InetAddress.getByName("127.0.0.1")) },
) : AutoCloseable {
    private val io = IoThread(clock)
    private val address = ServerAddress(host, port)
    private val cluster = ClusterSettings(listOf(address), RoutingPreset.DEFAULT, 1, PLAIN_SETTINGS, PLAIN_FAILURES)
    val node = Node(address, NodeContext(io, cluster, Connector(io, PLAIN_SETTINGS, resolver)) {})

    fun submit(seconds: Long = 5): Ask = Ask(clock.nanos() + TimeUnit.SECONDS.toNanos(seconds)).also(node::submit)

    fun ask(): Any = submit().await()

    override fun close() {
        node.close(CLOSED)
        io.close()
    }
}

private fun Any.toException(): MemcachedException = (this as Failure).toException(null, null)

/** Faults that only come from within: name resolution, the clock, the reader itself. */
class EngineFaultTest :
    FunSpec({
        test("F27 a name that does not resolve is named in the error, and asked for again") {
            HostileServer.start().use { server ->
                val asked = AtomicInteger()
                val resolver =
                    Resolver { host ->
                        if (asked.incrementAndGet() < 3) throw UnknownHostException(host)
                        listOf(InetAddress.getByName("127.0.0.1"))
                    }
                Engine("cache.test", server.port(), resolver = resolver).use { engine ->
                    engine.ask().toException().message!! shouldContain "cache.test"
                    eventually("it resolves") { engine.ask() is Reply }
                    val before = asked.get()
                    engine.node.disconnect()
                    (engine.ask() is Reply) shouldBe true
                    asked.get() shouldBe before + 1
                }
            }
        }

        test("F27 the next address is tried when the first one is dead") {
            HostileServer.start().use { server ->
                val resolver =
                    Resolver { listOf("127.0.0.77", "127.0.0.78", "127.0.0.1").map(InetAddress::getByName) }
                Engine("cache.test", server.port(), resolver = resolver).use { engine ->
                    (engine.ask() is Reply) shouldBe true
                }
            }
        }

        test("F34 time-outs follow the monotonic clock and no other") {
            val now = AtomicLong(TimeUnit.DAYS.toNanos(1))
            HostileServer.start().use { server ->
                Engine("cache.test", server.port(), clock = { now.get() }).use { engine ->
                    engine.ask()
                    server.on("version", hang())
                    val first = engine.submit(seconds = 3)
                    val second = engine.submit(seconds = 60)
                    eventually("both are there") { server.count { it.command() == "version" } == 3 }
                    now.addAndGet(2.seconds.inWholeNanoseconds)
                    eventually("the deadlines were looked at") { Thread.getAllStackTraces().isNotEmpty() }
                    first.isDone shouldBe false
                    now.addAndGet(2.seconds.inWholeNanoseconds)
                    (first.await() as Failure).kind() shouldBe Failure.Kind.TIMEOUT
                    second.isDone shouldBe false
                }
            }
        }

        for (error in listOf({
            OutOfMemoryError("planted")
        }, { IllegalStateException("planted") }, { Error("planted") })) {
            test(
                "F35 a reader that dies takes its connection along, the next one works (${error()::class.simpleName})",
            ) {
                val planted = AtomicReference<Throwable?>()
                val clock =
                    Clock {
                        if (Thread.currentThread().name.contains("-io")) planted.getAndSet(null)?.let { throw it }
                        Clock.System.nanos()
                    }
                HostileServer.start().use { server ->
                    Engine("cache.test", server.port(), clock = clock).use { engine ->
                        repeat(3) {
                            (engine.ask() is Reply) shouldBe true
                            val gate = Gate()
                            server.next("version", gate)
                            val pending = engine.submit()
                            gate.awaitRequest()
                            planted.set(error())
                            gate.open()
                            (pending.await() as Failure).kind() shouldBe Failure.Kind.LOST
                            eventually("a new connection") { engine.ask() is Reply }
                        }
                        listOf(4) shouldContain server.accepted()
                    }
                }
            }
        }

        for (error in listOf({ OutOfMemoryError("planted") }, { StackOverflowError("planted") })) {
            test(
                "an Error on a caller's thread that writes for others ends none but their connection (${error()::class.simpleName})",
            ) {
                val planted = AtomicReference<Throwable?>()
                val clock =
                    Clock {
                        if (Thread.currentThread().name == "deep caller") planted.getAndSet(null)?.let { throw it }
                        Clock.System.nanos()
                    }
                HostileServer.start().use { server ->
                    Engine("cache.test", server.port(), clock = clock).use { engine ->
                        repeat(3) {
                            eventually("a connection") { engine.ask() is Reply }
                            val io = ArrayList<Ask>()
                            val caller =
                                Thread({
                                    val deadline = Clock.System.nanos() + TimeUnit.SECONDS.toNanos(60)
                                    planted.set(error())
                                    runCatching { engine.node.submit(Ask(deadline)) }
                                }, "deep caller")
                            caller.start()
                            caller.join()
                            repeat(5) { io += engine.submit(60) }
                            // neither hangs for the rest of its minute
                            io.forEach { it.await() }
                        }
                    }
                }
            }
        }

        test(
            "replies that lie in the socket when the process comes back from a pause are read before anything is judged",
        ) {
            val pause = AtomicLong()
            HostileServer.start().use { server ->
                Engine("cache.test", server.port(), clock = { Clock.System.nanos() + pause.get() }).use { engine ->
                    engine.ask()
                    val gate = Gate()
                    server.next("version", gate)
                    val pending = engine.submit(seconds = 600)
                    gate.awaitRequest()
                    pause.addAndGet(60.seconds.inWholeNanoseconds)
                    // this call ends in a sweep, which has looked at the other call too
                    (engine.submit(seconds = 0).await() as Failure).kind() shouldBe Failure.Kind.TIMEOUT
                    gate.open()
                    (pending.await() is Reply) shouldBe true
                    server.accepted() shouldBe 1
                }
            }
        }

        test("a pause between a request and the first look at it is noticed as well") {
            val pause = AtomicLong()
            val sweeper = AtomicReference<Thread>()
            val held = AtomicReference<CountDownLatch>()
            val clock =
                Clock {
                    val thread = Thread.currentThread()
                    if (thread.name.endsWith("-deadlines")) {
                        sweeper.set(thread)
                        held.get()?.let(InTime::await)
                    }
                    Clock.System.nanos() + pause.get()
                }
            HostileServer.start().use { server ->
                Engine("cache.test", server.port(), clock).use { engine ->
                    engine.ask()
                    eventually("nothing is pending") { sweeper.get()?.state == Thread.State.WAITING }
                    held.set(CountDownLatch(1))
                    val gate = Gate()
                    server.next("version", gate)
                    val pending = engine.submit(seconds = 600)
                    gate.awaitRequest()
                    pause.addAndGet(60.seconds.inWholeNanoseconds)
                    held.getAndSet(null).countDown()
                    // this call ends in a sweep, which has looked at the other call too
                    (engine.submit(seconds = 0).await() as Failure).kind() shouldBe Failure.Kind.TIMEOUT
                    gate.open()
                    (pending.await() is Reply) shouldBe true
                    server.accepted() shouldBe 1
                }
            }
        }
    })
