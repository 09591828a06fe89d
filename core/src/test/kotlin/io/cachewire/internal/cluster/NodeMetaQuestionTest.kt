package io.cachewire.internal.cluster

import io.cachewire.DataBlock
import io.cachewire.ServerAddress
import io.cachewire.fixture.Delivery.closedAfter
import io.cachewire.fixture.FaultProxy
import io.cachewire.fixture.Forgery
import io.cachewire.fixture.HostileServer
import io.cachewire.fixture.Lie
import io.cachewire.fixture.SeenRequest.GREETING
import io.cachewire.internal.connection.Ask
import io.cachewire.internal.connection.CLOSED
import io.cachewire.internal.connection.Clock
import io.cachewire.internal.connection.Failure
import io.cachewire.internal.connection.IoThread
import io.cachewire.internal.connection.PLAIN_FAILURES
import io.cachewire.internal.connection.PLAIN_SETTINGS
import io.cachewire.internal.protocol.Opcode
import io.cachewire.internal.protocol.Reply
import io.cachewire.internal.protocol.Request
import io.cachewire.reliability.count
import io.cachewire.reliability.eventually
import io.cachewire.routing.RoutingPreset
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.comparables.shouldBeGreaterThanOrEqualTo
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeInstanceOf
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.atomic.AtomicBoolean
import kotlin.concurrent.thread
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** A context of nodes that ask for the meta protocol so often. */
private class Nodes(
    private val connectionsPerServer: Int = 1,
    questions: kotlin.time.Duration? = null,
) : AutoCloseable {
    private val io = IoThread(Clock.System)
    private val context = settings().let { if (questions == null) plain(it) else asking(it, questions) }
    private val nodes = ArrayList<Node>()

    private fun settings() = ClusterSettings(
        emptyList(),
        RoutingPreset.DEFAULT,
        connectionsPerServer,
        PLAIN_SETTINGS,
        PLAIN_FAILURES,
    )

    private fun plain(settings: ClusterSettings) = NodeContext(io, settings) {}

    private fun asking(settings: ClusterSettings, every: kotlin.time.Duration) =
        NodeContext(io, settings, metaQuestions = every) {}

    val metaQuestions get() = context.metaQuestions

    fun of(server: HostileServer): Node = of(server.address())

    fun of(address: ServerAddress): Node = Node(address, context).also(nodes::add)

    override fun close() {
        nodes.forEach { it.close(CLOSED) }
        io.close()
    }
}

private val KEY = DataBlock.ofUtf8("k")

/** The reply or the failure of a read. */
private fun Node.read(): Any =
    Ask(Clock.System.nanos() + 5.seconds.inWholeNanoseconds, Request.Keyed(Opcode.GET, KEY)).also(::submit).await()

private fun Node.shouldBeRead() {
    read().shouldBeInstanceOf<Reply>()
}

/** How often it was asked for the meta protocol. */
private val HostileServer.questions get() = lines().count { it.startsWith("mg cachewire-") }

/** How often it was greeted in text, which asks for a cas too. */
private val HostileServer.greetedInText get() = count { it.command() == "cas" }

private val HostileServer.readsInMeta get() = count { it.command() == "mg" }

private val HostileServer.readsInText get() = count { it.line() == "get k" }

/** When a server that spoke text is asked for the meta protocol again. */
class NodeMetaQuestionTest :
    FunSpec({
        test("a server that closed at the question is not asked by its next connection, but by a reconnect") {
            HostileServer.start().on(GREETING, closedAfter(0)).use { server ->
                Nodes(connectionsPerServer = 2).use { nodes ->
                    val node = nodes.of(server)
                    node.shouldBeRead()
                    node.hasProvenMeta shouldBe false
                    server.questions shouldBe 1
                    node.connectAll()
                    eventually("the second connection is greeted") { server.greetedInText == 2 }
                    repeat(20) { node.shouldBeRead() }
                    server.questions shouldBe 1
                    server.accepted() shouldBe 3

                    node.disconnect()
                    node.shouldBeRead()
                    server.questions shouldBe 2
                    node.hasProvenMeta shouldBe false

                    server.honest()
                    node.disconnect()
                    node.shouldBeRead()
                    server.questions shouldBe 3
                    node.hasProvenMeta shouldBe true
                    server.readsInMeta shouldBe 1
                }
            }
        }

        test("a reconnect asks although another connection of the node still speaks text, and speaks text then too") {
            HostileServer.start().on(GREETING, closedAfter(0)).use { server ->
                Nodes(connectionsPerServer = 2).use { nodes ->
                    val node = nodes.of(server)
                    node.shouldBeRead()
                    node.connectAll()
                    eventually("the second connection is greeted") { server.greetedInText == 2 }
                    server.honest()
                    server.nth(1, { it.connection() == 3 && it.line() == "get k" }, closedAfter(0))
                    eventually("it has lost its connection") { node.read() is Failure }
                    eventually("it is asked again") {
                        node.shouldBeRead()
                        server.questions == 2
                    }
                    repeat(20) { node.shouldBeRead() }
                    server.requests().map { it.connection() }.toSet() shouldBe setOf(1, 2, 3, 4)
                    server.readsInMeta shouldBe 0
                }
            }
        }

        test(
            "a probe asks a server that closed at the question again and again, and its proof replaces the connection",
        ) {
            val wait = 100.milliseconds
            val asked = ConcurrentLinkedQueue<Long>()
            val closing =
                Lie { turn ->
                    asked.add(System.nanoTime())
                    turn.close()
                }
            HostileServer.start().on(GREETING, closing).use { server ->
                Nodes(questions = wait).use { nodes ->
                    val node = nodes.of(server)
                    val isOver = AtomicBoolean()
                    val failures = ConcurrentLinkedQueue<Any>()
                    val caller =
                        thread(name = "caller", isDaemon = true) {
                            while (!isOver.get()) node.read().let { if (it is Failure) failures.add(it.what()) }
                        }
                    try {
                        eventually("it was asked four times") { asked.size >= 4 }
                        asked.zipWithNext().forEach { (one, next) ->
                            (next - one) shouldBeGreaterThanOrEqualTo wait.inWholeNanoseconds
                        }
                        server.readsInMeta shouldBe 0

                        server.honest()
                        eventually("it has proven meta") { node.hasProvenMeta == true }
                        eventually("meta is spoken") { server.readsInMeta > 0 }
                        eventually("the connection in text has ended") { server.open() == 1 }
                    } finally {
                        isOver.set(true)
                    }
                    caller.join()
                    failures.toList().shouldBeEmpty()
                    val inText = server.readsInText
                    repeat(20) { node.shouldBeRead() }
                    server.readsInText shouldBe inText
                }
            }
        }

        test("the probe comes a minute after the question before, as a rule") {
            Nodes().use { it.metaQuestions shouldBe 60.seconds }
        }

        test("a server that has answered the question in text is asked by a reconnect and by no probe") {
            val asked = Nodes(questions = 20.milliseconds)
            val answering = HostileServer.start().on(GREETING, Forgery.error())
            val closing = HostileServer.start().on(GREETING, closedAfter(0))
            asked.use { nodes ->
                val first = nodes.of(answering)
                first.shouldBeRead()
                nodes.of(closing).shouldBeRead()
                eventually("the other server was asked by probes") { closing.questions >= 5 }
                answering.questions shouldBe 1
                first.disconnect()
                first.shouldBeRead()
                answering.questions shouldBe 2
            }
            answering.close()
            closing.close()
        }

        test("no probe asks once every connection in text has ended") {
            val others = HostileServer.start().on(GREETING, closedAfter(0))
            HostileServer.start().on(GREETING, closedAfter(0)).use { server ->
                Nodes(questions = 20.milliseconds).use { nodes ->
                    val node = nodes.of(server)
                    node.shouldBeRead()
                    node.disconnect()
                    val asked = server.questions
                    nodes.of(others).shouldBeRead()
                    eventually("the other server was asked by probes") { others.questions >= 5 }
                    // one may have been under way
                    (server.questions <= asked + 1) shouldBe true
                }
            }
            others.close()
        }

        for ((who, end) in mapOf<String, (Node, FaultProxy) -> Unit>(
            "the client" to { node, _ -> node.disconnect() },
            "the server" to { _, proxy -> proxy.closeAll() },
        )) {
            test("what was found ends when $who closes the last connection") {
                HostileServer.start().on(GREETING, closedAfter(0)).use { server ->
                    FaultProxy.to(server.address()).use { proxy ->
                        Nodes(connectionsPerServer = 3).use { nodes ->
                            val node = nodes.of(proxy.address())
                            node.shouldBeRead()
                            server.honest()
                            end(node, proxy)
                            eventually("it has ended") { node.hasProvenMeta == null }
                            node.connectAll()
                            // two of them are the first of their place, and would take over what another one has found
                            eventually("all are asked") { server.questions == 4 }
                            eventually("meta is proven") { node.hasProvenMeta == true }
                            repeat(20) { node.shouldBeRead() }
                            server.greetedInText shouldBe 1
                            server.readsInMeta shouldBe 20
                        }
                    }
                }
            }
        }

        test("nothing is known of a server before it is asked") {
            HostileServer.start().use { server ->
                Nodes().use { it.of(server).hasProvenMeta.shouldBeNull() }
            }
        }
    })
