package io.cachewire.cluster

import io.cachewire.ClusterView
import io.cachewire.IllegalRequestException
import io.cachewire.MemcachedException.Delivery
import io.cachewire.ServerAddress
import io.cachewire.connection.Clock
import io.cachewire.connection.Exchange
import io.cachewire.connection.Failure
import io.cachewire.connection.IoThread
import io.cachewire.connection.SharedMemory
import io.cachewire.operation.Call
import io.cachewire.operation.Engine
import io.cachewire.operation.LineSource
import io.cachewire.operation.Operation
import io.cachewire.operation.Outcomes
import io.cachewire.operation.ServerVersions
import io.cachewire.operation.Wakeups
import io.cachewire.protocol.LineCommand
import io.cachewire.protocol.Reply
import io.cachewire.protocol.Request
import org.slf4j.LoggerFactory
import java.time.Duration
import java.util.function.Function

/** The servers as one engine: an operation goes to the node of its key, and its call ends with the reply or a failure. */
internal class Cluster(
    settings: ClusterSettings,
) : Engine {
    private val io = IoThread(Clock.System, SharedMemory(settings.connection().memoryBudget()))
    private val members = Membership(io, settings)
    private val lines = LineStreams(io, members.connector, settings.connection())
    private val versions = ServerVersions()
    private val wakeups = Wakeups(IoTurns(io))

    /** Calls between two attempts. */
    val retries = Retries(io, settings.failures().retries())
    private val countedTimeoutNanos = settings.failures().countedTimeout().toNanos()

    @Volatile
    private var closed = false

    override fun <R> submit(operation: Operation<R>): Call<R> {
        val call = call(operation)
        send(call)
        return call
    }

    private fun <R> call(operation: Operation<R>) = ClusterCall(operation, this, deadline(operation))

    private fun deadline(operation: Operation<*>) = io.clock.nanos() + operation.timeoutNanos()

    /** Sends a call's request, the first time or again. */
    fun send(call: ClusterCall<*>) {
        if (closed) {
            call.giveUp(CLOSED.notSent())
            return
        }
        val node = call.destination ?: node(call.operation())
        node.submit(call.attempt(node))
    }

    private fun node(operation: Operation<*>): Node {
        val topology = members.topology
        return topology.nodes[topology.locate(operation)]
    }

    /** Whether a call would go to another node now. */
    fun hasMoved(call: ClusterCall<*>, from: Node): Boolean =
        call.destination == null && node(call.operation()) !== from

    /** A written request of a call was not answered in time. A time-out of less than the client's says nothing about the server. */
    fun timedOut(node: Node, call: ClusterCall<*>, why: Failure) {
        val allowed = call.operation().timeoutNanos()
        if (allowed >= countedTimeoutNanos) node.timedOut(call.deadline - allowed, why)
    }

    /** Nanoseconds to a call's deadline. */
    fun left(call: ClusterCall<*>): Long = call.deadline - io.clock.nanos()

    override fun <P, R> submitAll(operations: List<Operation<P>>, combine: Function<in Outcomes<P>, out R>): Call<R> {
        val batch = Batch(operations, combine, this, members.topology, io.clock.nanos())
        if (closed) batch.refuse(CLOSED.notSent()) else batch.submit()
        return batch
    }

    override fun <R> submitToEach(operation: Operation<R>): Map<ServerAddress, Call<R>> {
        val calls = LinkedHashMap<ServerAddress, Call<R>>()
        for (node in members.topology.main.nodes) {
            calls[node.address] = submitTo(node, operation)
        }
        return calls
    }

    override fun <R> submitTo(server: ServerAddress, operation: Operation<R>): Call<R> =
        submitTo(node(server), operation)

    private fun <R> submitTo(node: Node, operation: Operation<R>): Call<R> {
        val call = ClusterCall(operation, this, deadline(operation), node)
        send(call)
        return call
    }

    override fun serverOf(operation: Operation<*>): ServerAddress = node(operation).address

    override fun open(server: ServerAddress, command: LineCommand, timeLimit: Duration?): LineSource =
        lines.open(node(server).address, command, timeLimit)

    override fun hasProvenMeta(server: ServerAddress): Boolean? = node(server).hasProvenMeta

    override fun versions(): ServerVersions = versions

    private fun node(server: ServerAddress) =
        members.topology.main.nodes.find { it.address.toString() == server.toString() }
            ?: throw IllegalRequestException("$server is no server of this client")

    override fun submitQuietly(operation: Operation<*>) {
        val node = node(operation)
        val exchange = QuietExchange(node.adapted(operation.request()), deadline(operation))
        if (closed) exchange.fail(CLOSED.notSent()) else node.submit(exchange)
        exchange.failure?.let { throw it.toException(node.address, operation.key()) }
    }

    override fun cluster(): ClusterView = members

    override fun checkMayBlock() {
        check(!io.isCurrentThread()) { "a blocking call on the I/O thread would wait for itself" }
    }

    override fun wakeups() = wakeups

    override fun disconnectAll() = members.topology.nodes.forEach { it.disconnect() }

    override fun close() {
        closed = true
        members.close(CLOSED)
        lines.close(CLOSED)
        retries.close(CLOSED)
        io.close()
    }

    /** Nobody waits for it; a failure before it is queued is thrown by the submitter, a later one only logged. */
    private class QuietExchange(
        private val what: Request,
        deadline: Long,
    ) : Exchange(what, deadline) {
        @Volatile
        var failure: Failure? = null

        override fun isQuiet() = true

        override fun onReply(reply: Reply) = Unit

        override fun onFailure(failure: Failure) {
            this.failure = failure
            LOG.debug("a fire-and-forget {} was not sent: {}", what.opcode(), failure.what())
        }
    }

    private companion object {
        val LOG = LoggerFactory.getLogger(Cluster::class.java)!!
        val CLOSED = Failure(Failure.Kind.CLOSED, Delivery.INDETERMINATE, "the client is closed", null)
    }
}
