package io.cachewire.internal.cluster

import io.cachewire.ClusterView
import io.cachewire.IllegalRequestException
import io.cachewire.MemcachedException.Delivery
import io.cachewire.ServerAddress
import io.cachewire.internal.call.Call
import io.cachewire.internal.call.Outcomes
import io.cachewire.internal.call.RefusedCall
import io.cachewire.internal.call.Wakeups
import io.cachewire.internal.connection.Clock
import io.cachewire.internal.connection.Exchange
import io.cachewire.internal.connection.Failure
import io.cachewire.internal.connection.IoThread
import io.cachewire.internal.connection.SharedMemory
import io.cachewire.internal.operation.Engine
import io.cachewire.internal.operation.Events
import io.cachewire.internal.operation.LineSource
import io.cachewire.internal.operation.Operation
import io.cachewire.internal.operation.ServerVersions
import io.cachewire.internal.protocol.Reply
import io.cachewire.internal.protocol.Request
import io.cachewire.internal.protocol.line.LineCommand
import java.lang.ref.Reference
import java.time.Duration
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.atomic.AtomicInteger
import java.util.function.Function

/** The servers as one engine: an operation goes to the node of its key, and its call ends with the reply or a failure. */
internal class Cluster(
    settings: ClusterSettings,
    clock: Clock,
    /** Told of what happens to connections and servers. */
    val events: Events = Events.NONE,
) : Engine {
    /** By the clock of the machine. */
    constructor(settings: ClusterSettings) : this(settings, Clock.System)

    private val io = IoThread(clock, SharedMemory(settings.connection().memoryBudget()))
    private val members =
        try {
            Membership(io, settings, events)
        } catch (e: Throwable) {
            // of the list of servers, or of the user's locator
            io.close()
            throw e
        }
    private val lines = LineStreams(io, members.connector, settings.connection())
    private val versions = ServerVersions()
    private val wakeups = Wakeups(IoTurns(io))

    /** Calls between two attempts. */
    val retries = Retries(io, settings.failures().retries())
    private val countedTimeoutNanos = settings.failures().countedTimeout().toNanos()

    private val end = ClientEnd(io, members, lines, retries, events)

    /** Set when no new call is accepted: by [drain], and by [close]. */
    @Volatile
    private var refusing = false

    private val drains = ConcurrentHashMap.newKeySet<Drain>()

    /** Calls over many keys that have not been sent to their end. */
    val openWindows = AtomicInteger()

    private val forgotten = Forgotten(io, end, members::servers)
    private val view = UsedView(this, members)

    init {
        try {
            forgotten.watch(this)
            // not the view of users: a listener keeps it, and must not keep a client that is forgotten
            events.opened(members)
        } catch (e: Throwable) {
            end.close()
            throw e
        }
    }

    override fun <R> submit(operation: Operation<R>): Call<R> {
        val call = call(operation)
        if (refusing) call.giveUp(ended()) else send(call)
        return call
    }

    private fun <R> call(operation: Operation<R>) = ClusterCall(operation, this, deadline(operation))

    private fun deadline(operation: Operation<*>) = io.clock.nanos() + operation.timeoutNanos()

    /** Sends a call's request, the first time or again. */
    fun send(call: ClusterCall<*>) {
        val why = end.why
        if (why != null) {
            call.giveUp(why.notSent())
            return
        }
        try {
            val node = call.destination ?: node(call.operation())
            val attempt = call.attempt(node)
            if (node.suspects.isEmpty) {
                node.submit(attempt)
            } else {
                node.submitWarily(attempt, call.operation().request())
            }
        } catch (e: IllegalRequestException) {
            // of the user's locator
            call.broke(e)
        } catch (e: LinkageError) {
            call.broke(io.guard.explained(e))
        }
    }

    /** True on the client's own threads when what is next to be done may run code of the user's. */
    fun mustLeaveThread(): Boolean = members.topology.isForeign && io.isOwnThread()

    /** Takes a step of a call on a thread for user code. */
    fun apart(call: ClusterCall<*>, step: () -> Unit) = io.apart.execute {
        try {
            step()
        } catch (e: Throwable) {
            call.broke(io.guard.explained(e))
        }
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

    /** The clock that deadlines are on. */
    fun nanos(): Long = io.clock.nanos()

    /** Nanoseconds to a call's deadline. */
    fun left(call: ClusterCall<*>): Long = call.deadline - io.clock.nanos()

    override fun <P, R> submitAll(operations: List<Operation<P>>, combine: Function<in Outcomes<P>, out R>): Call<R> {
        if (refusing || end.why != null) return RefusedCall { ended().toException(null, null) }
        val batch = Batch(operations, combine, this, members.topology, io.clock.nanos())
        try {
            batch.submit()
        } catch (e: LinkageError) {
            batch.broke(io.guard.explained(e))
        }
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
        if (refusing) call.giveUp(ended()) else send(call)
        return call
    }

    override fun serverOf(operation: Operation<*>): ServerAddress = node(operation).address

    override fun open(server: ServerAddress, command: LineCommand, timeLimit: Duration?): LineSource =
        lines.open(node(server).address, command, timeLimit, this)

    override fun hasProvenMeta(server: ServerAddress): Boolean? = node(server).hasProvenMeta

    override fun versions(): ServerVersions = versions

    private fun node(server: ServerAddress) =
        members.topology.main.nodes.find { it.address.toString() == server.toString() }
            ?: throw IllegalRequestException("$server is no server of this client")

    override fun submitQuietly(operation: Operation<*>) {
        val node = node(operation)
        val exchange = QuietExchange(node, node.adapted(operation.request()), deadline(operation))
        if (refusing || end.why != null) exchange.fail(ended()) else node.submit(exchange)
        exchange.isQueued = true
        exchange.failure?.let { throw it.toException(node.address, operation.key()) }
        // the request is in the queue before a client that is forgotten now is closed
        Reference.reachabilityFence(this)
    }

    override fun cluster(): ClusterView = view

    override fun checkMayBlock() {
        check(!io.isOwnThread()) { "a blocking call on a thread of the client's own would wait for itself" }
    }

    override fun wakeups() = wakeups

    override fun connectAll() = members.topology.nodes.forEach { it.connectAll() }

    override fun drain(limit: Duration): Call<Boolean> {
        refusing = true
        lines.refuse(CLOSED)
        val drain = Drain(io.clock.nanos() + limit.toNanos())
        drains.add(drain)
        io.register(drain)
        io.arm()
        if (end.why != null) drain.finish(false)
        return drain
    }

    private fun isIdle() = openWindows.get() == 0 && end.isIdle

    /** Ends when nothing is under way, seen twice: what goes from one place to another may be in neither for a moment. */
    private inner class Drain(
        private val until: Long,
    ) : Call<Boolean>(),
        IoThread.Swept {
        private var idle = 0

        override fun sweep(now: Long): Boolean {
            idle = if (isIdle()) idle + 1 else 0
            if (idle >= 2) {
                finish(true)
            } else if (now - until >= 0) {
                finish(false)
            }
            return !isDone
        }

        fun finish(whole: Boolean) {
            io.unregister(this)
            drains.remove(this)
            end(whole)
        }

        override fun withdraw() {
            io.unregister(this)
            drains.remove(this)
        }

        override fun decode(ended: Any): Boolean = ended as Boolean
    }

    override fun disconnectAll() = members.topology.nodes.forEach { it.disconnect() }

    override fun close() {
        refusing = true
        drains.forEach { it.finish(false) }
        forgotten.closed()
        end.close()
    }

    private fun ended(): Failure = (end.why ?: CLOSED).notSent()

    /** The servers in the hands of a user, who uses the client as long as he has it. */
    private class UsedView(
        @Suppress("unused") private val client: Cluster,
        members: Membership,
    ) : ClusterView by members

    /** Nobody waits for it; a failure before it is queued is thrown by the submitter, a later one is counted and logged. */
    private class QuietExchange(
        private val node: Node,
        what: Request,
        deadline: Long,
    ) : Exchange(what, deadline) {
        @Volatile
        var failure: Failure? = null

        /** Set when the submitter has looked. */
        @Volatile
        var isQueued = false

        override fun isQuiet() = true

        /** In a dialect without a quiet form; a quiet request's error comes to the node by its connection. */
        override fun onReply(reply: Reply) {
            if (reply is Reply.Line && reply.isError) node.refusedQuietly(reply)
        }

        override fun onFailure(failure: Failure) {
            this.failure = failure
            if (isQueued) node.lostQuietly(failure)
        }
    }

    private companion object {
        val CLOSED = Failure(Failure.Kind.CLOSED, Delivery.INDETERMINATE, "the client is closed", null)
    }
}
