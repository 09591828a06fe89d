package io.cachewire.cluster

import io.cachewire.IllegalRequestException
import io.cachewire.MemcachedException.Delivery
import io.cachewire.ServerAddress
import io.cachewire.connection.Clock
import io.cachewire.connection.Connector
import io.cachewire.connection.Exchange
import io.cachewire.connection.Failure
import io.cachewire.connection.IoThread
import io.cachewire.operation.Call
import io.cachewire.operation.Engine
import io.cachewire.operation.LineSource
import io.cachewire.operation.Operation
import io.cachewire.operation.ServerVersions
import io.cachewire.protocol.LineCommand
import io.cachewire.protocol.Reply
import org.slf4j.LoggerFactory
import java.time.Duration

/** The servers as one engine: an operation goes to the node of its key, and its call ends with the reply or a failure. */
internal class Cluster(
    private val settings: ClusterSettings,
) : Engine {
    private val io = IoThread(Clock.System)
    private val nodes: List<Node>
    private val lines: LineStreams
    private val versions = ServerVersions()
    private val locator = settings.locators().build(settings.servers())

    @Volatile
    private var closed = false

    init {
        val connector = Connector(io, settings.connection())
        lines = LineStreams(io, connector, settings.connection())
        nodes =
            settings.servers().map { Node(it, io, settings.connection(), connector, settings.connectionsPerServer()) }
    }

    override fun <R> submit(operation: Operation<R>): Call<R> = submit(operation, handOver = false)

    private fun <R> submit(operation: Operation<R>, handOver: Boolean): Call<R> {
        val call = call(operation, handOver)
        send(call)
        return call
    }

    private fun <R> call(operation: Operation<R>, handOver: Boolean) =
        ClusterCall(operation, this, deadline(operation), handOver)

    private fun deadline(operation: Operation<*>) = io.clock.nanos() + operation.timeoutNanos()

    /** Sends a call's request, the first time or again. */
    fun send(call: ClusterCall<*>) {
        if (closed) {
            call.failed(CLOSED.notSent())
            return
        }
        val node = call.destination ?: nodes[locate(call.operation())]
        node.submit(call.attempt(node))
    }

    private fun locate(operation: Operation<*>): Int {
        if (nodes.size == 1) return 0
        val hash = operation.key()?.hash()
        return if (hash == null) locator.locate(operation.routingKey()) else locator.locateHash(hash)
    }

    override fun <R> submitAll(operations: List<Operation<R>>): List<Call<R>> = submitAll(operations, handOver = false)

    private fun <R> submitAll(operations: List<Operation<R>>, handOver: Boolean): List<Call<R>> {
        val calls = operations.map { call(it, handOver) }
        if (closed) {
            calls.forEach { it.failed(CLOSED.notSent()) }
            return calls
        }
        val batches = arrayOfNulls<ArrayList<Exchange>>(nodes.size)
        for (call in calls) {
            val index = locate(call.operation())
            val batch = batches[index] ?: ArrayList<Exchange>().also { batches[index] = it }
            batch.add(call.attempt(nodes[index]))
        }
        batches.forEachIndexed { index, batch -> batch?.let(nodes[index]::submitAll) }
        return calls
    }

    override fun <R> submitToEach(operation: Operation<R>): Map<ServerAddress, Call<R>> {
        val calls = LinkedHashMap<ServerAddress, Call<R>>()
        for (node in nodes) {
            calls[node.address] = submitTo(node, operation)
        }
        return calls
    }

    override fun <R> submitTo(server: ServerAddress, operation: Operation<R>): Call<R> =
        submitTo(node(server), operation)

    private fun <R> submitTo(node: Node, operation: Operation<R>): Call<R> {
        val call = ClusterCall(operation, this, deadline(operation), handOver = false, node)
        send(call)
        return call
    }

    override fun serverOf(operation: Operation<*>): ServerAddress = nodes[locate(operation)].address

    override fun open(server: ServerAddress, command: LineCommand, timeLimit: Duration?): LineSource =
        lines.open(node(server).address, command, timeLimit)

    override fun versions(): ServerVersions = versions

    private fun node(server: ServerAddress) = nodes.find { it.address.toString() == server.toString() }
        ?: throw IllegalRequestException("$server is no server of this client")

    override fun submitQuietly(operation: Operation<*>) {
        val node = nodes[locate(operation)]
        val exchange = QuietExchange(operation, deadline(operation))
        if (closed) exchange.fail(CLOSED.notSent()) else node.submit(exchange)
        exchange.failure?.let { throw it.toException(node.address, operation.key()) }
    }

    override fun servers(): List<ServerAddress> = settings.servers()

    override fun checkMayBlock() {
        check(!io.isCurrentThread()) { "a blocking call on the I/O thread would wait for itself" }
    }

    override fun disconnectAll() = nodes.forEach { it.disconnect() }

    override fun forgetDeadServers() = nodes.forEach { it.forgive() }

    override fun close() {
        closed = true
        nodes.forEach { it.close(CLOSED) }
        lines.close(CLOSED)
        io.close()
    }

    override fun forThreads(): Engine = ForThreads()

    private inner class ForThreads : Engine by this@Cluster {
        override fun <R> submit(operation: Operation<R>) = submit(operation, handOver = true)

        override fun <R> submitAll(operations: List<Operation<R>>) = submitAll(operations, handOver = true)

        override fun forThreads() = this
    }

    /** Nobody waits for it; a failure before it is queued is thrown by the submitter, a later one only logged. */
    private class QuietExchange(
        private val operation: Operation<*>,
        deadline: Long,
    ) : Exchange(operation.request(), deadline) {
        @Volatile
        var failure: Failure? = null

        override fun isQuiet() = true

        override fun onReply(reply: Reply) = Unit

        override fun onFailure(failure: Failure) {
            this.failure = failure
            LOG.debug("a fire-and-forget {} was not sent: {}", operation.request().opcode(), failure.what())
        }
    }

    private companion object {
        val LOG = LoggerFactory.getLogger(Cluster::class.java)!!
        val CLOSED = Failure(Failure.Kind.CLOSED, Delivery.INDETERMINATE, "the client is closed", null)
    }
}
