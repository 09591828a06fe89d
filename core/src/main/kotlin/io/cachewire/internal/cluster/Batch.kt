package io.cachewire.internal.cluster

import io.cachewire.DataBlock
import io.cachewire.MemcachedException.Delivery
import io.cachewire.internal.call.Call
import io.cachewire.internal.call.Outcomes
import io.cachewire.internal.connection.Exchange
import io.cachewire.internal.connection.Failure
import io.cachewire.internal.operation.MultiCall
import io.cachewire.internal.operation.Operation
import io.cachewire.internal.protocol.Opcode
import io.cachewire.internal.protocol.Reply
import io.cachewire.internal.protocol.Request
import java.util.Objects
import java.util.concurrent.atomic.AtomicInteger
import java.util.function.Function

/**
 * Operations that were submitted together. Reads that go to one server share exchanges; all else, and every read whose shared exchange has
 * failed, goes on as a [ClusterCall]. What is more than a [Window] for one server is sent as the answers come.
 */
internal class Batch<P, R>(
    private val operations: List<Operation<P>>,
    combine: Function<in Outcomes<P>, out R>,
    private val cluster: Cluster,
    private val topology: Topology,
    private val submittedAt: Long,
) : MultiCall<P, R>(operations.size, combine) {
    /** The index of each operation's node; null when there is one node. */
    private val places =
        if (topology.nodes.size == 1) null else IntArray(operations.size) { topology.locate(operations[it]) }

    private val sorted = Sorted(operations, if (places == null) null else IntArray(operations.size))

    /** Guarded by itself: windows add to it while others may cancel. */
    private val shared = ArrayList<GetAllAttempt>(1)

    /** The parts that are sent in windows; complete before anything of them is sent. */
    private val windows = ArrayList<Window>(0)

    /** Sends everything, or the first window of it, before anybody can cancel. */
    fun submit() {
        if (places == null || sorted.order == null) {
            if (operations.isNotEmpty()) {
                plan(0, operations.size, topology.nodes[0])
                submit(0, operations.size, topology.nodes[0])
            }
        } else {
            val ends = sort(places, sorted.order)
            onEachNode(ends, ::plan)
            onEachNode(ends, ::submit)
        }
        ended(1)
    }

    /** Sorts the operations by their nodes; gives the end of each node's part. */
    private fun sort(places: IntArray, order: IntArray): IntArray {
        val ends = IntArray(topology.nodes.size + 1)
        places.forEach { ends[it + 1]++ }
        for (place in 1..topology.nodes.size) ends[place] += ends[place - 1]
        // each end stands at the begin of its node's part now, and moves up
        places.forEachIndexed { index, place -> order[ends[place]++] = index }
        return ends
    }

    private inline fun onEachNode(ends: IntArray, what: (Int, Int, Node) -> Unit) {
        var from = 0
        topology.nodes.forEachIndexed { place, node ->
            val to = ends[place]
            if (to > from) what(from, to, node)
            from = to
        }
    }

    private fun plan(from: Int, to: Int, node: Node) {
        if (endOfWindow(from, to, node) < to) {
            windows.add(Window(from, to, node))
            cluster.openWindows.incrementAndGet()
        }
    }

    private fun submit(from: Int, to: Int, node: Node) {
        val window = windowOf(from)
        if (window != null) return window.send()
        node.submitAll(
            refuse = { refuse(from, to, node, submittedAt, it) },
            exchanges = { exchanges(from, to, node, submittedAt, it) },
        )
    }

    private fun refuse(from: Int, to: Int, node: Node, at: Long, why: Failure) =
        single(from, to, node, at).forEach { it.fail(why) }

    private fun exchanges(from: Int, to: Int, node: Node, at: Long, hasGetAll: Boolean) =
        if (hasGetAll) grouped(from, to, node, at) else single(from, to, node, at)

    /** How many keys are sent to one server before the first is answered is decided here, and nowhere else. */
    private fun endOfWindow(begin: Int, to: Int, node: Node): Int {
        val most = if (to - begin <= node.windowRequests) to else begin + node.windowRequests
        var bytes = 0L
        for (at in begin until most) {
            bytes += request(at).data()?.length() ?: 0
            if (bytes > node.windowBytes && at > begin) return at
        }
        return most
    }

    /**
     * The operations of one server that are more than others should have to wait behind, or than a connection may have pending: they are sent a
     * part at a time, the next when half of the last has ended. Each part has the time of a call. When that is over and less than half of it
     * has been answered, the rest fails, so that a server that hangs holds nobody up for longer than that.
     */
    private inner class Window(
        private val from: Int,
        private val to: Int,
        private val node: Node,
    ) : Call.Listener {
        /** Above zero while a thread sends, which looks again for all that end meanwhile. */
        private val turns = AtomicInteger()

        /** Operations that were sent and have not ended. */
        private val open = AtomicInteger()

        // of the thread that sends
        private var next = from
        private var last = from
        private var until = submittedAt
        private var isOpen = true

        /** The next part is sent when so few are open. */
        @Volatile
        private var threshold = 0

        operator fun contains(at: Int) = at in from until to

        /** One of the operations has ended. */
        override fun ended() = ended(1)

        fun ended(count: Int) {
            val isDue = open.addAndGet(-count) <= threshold
            this@Batch.ended(count)
            if (isDue) send()
        }

        /** Sends as much as is due. Never nested: what ends at once is seen by the loop. */
        fun send() {
            if (turns.getAndIncrement() != 0) return
            var seen = 1
            do {
                while (next < to && open.get() <= threshold) if (isDone) next = to else sendPart()
                if (next == to && isOpen) {
                    isOpen = false
                    cluster.openWindows.decrementAndGet()
                }
                seen = turns.addAndGet(-seen)
            } while (seen != 0)
        }

        /** Half of the last part has failed. */
        private fun hasHung(end: Int) = end > last && 2 * (last until end).count(::hasFailed) >= end - last

        private fun sendPart() {
            val now = cluster.nanos()
            val begin = next
            if (now >= until && hasHung(begin)) {
                next = to
                open.addAndGet(to - begin)
                for (at in begin until to) call(at, now).giveUp(TOO_SLOW)
                return
            }
            val end = endOfWindow(begin, to, node)
            last = begin
            next = end
            until = now + operations[sorted.index(begin)].timeoutNanos()
            threshold = (end - begin) / 2
            open.addAndGet(end - begin)
            node.submitPart(
                refuse = { refuse(begin, end, node, now, it) },
                exchanges = { exchanges(begin, end, node, now, it) },
            )
        }
    }

    private fun hasFailed(at: Int) = hasFailedAlone(sorted.index(at))

    private fun windowOf(at: Int): Window? = if (windows.isEmpty()) null else windows.firstOrNull { at in it }

    private fun single(from: Int, to: Int, node: Node, at: Long) = (from until to).map { call(it, at).attempt(node) }

    /** The call that an operation becomes; its time begins at [now]. */
    private fun call(at: Int, now: Long, destination: Node? = null): ClusterCall<P> {
        val index = sorted.index(at)
        val operation = operations[index]
        val call = ClusterCall(operation, cluster, now + operation.timeoutNanos(), destination)
        val window = windowOf(at)
        if (window == null) becomes(index, call) else becomes(index, call, window)
        return call
    }

    private fun grouped(from: Int, to: Int, node: Node, now: Long): List<Exchange> {
        val exchanges = ArrayList<Exchange>(1)
        var begin = from
        while (begin < to) {
            val end = endOfGroup(begin, to)
            if (end - begin == 1) {
                exchanges.add(call(begin, now).attempt(node))
            } else {
                exchanges.add(together(begin, end, node, now))
            }
            begin = end
        }
        return exchanges
    }

    private fun endOfGroup(begin: Int, to: Int): Int {
        val opcode = request(begin).opcode()
        if (opcode != Opcode.GET && opcode != Opcode.GETS) return begin + 1
        val most = minOf(to, begin + MAX_KEYS)
        var bytes = request(begin).key().length()
        var end = begin + 1
        while (end < most && request(end).opcode() == opcode) {
            bytes += request(end).key().length()
            if (bytes > MAX_KEY_BYTES) break
            end++
        }
        return end
    }

    private fun together(from: Int, to: Int, node: Node, now: Long): GetAllAttempt {
        val request = Request.GetAll.of(Keys(sorted, from, to), request(from).opcode() == Opcode.GETS)
        val attempt = GetAllAttempt(this, from, to, node, request, now + sorted[from].timeoutNanos(), request(from))
        synchronized(shared) { shared.add(attempt) }
        // of a window that is sent while somebody cancels
        if (isDone) attempt.letGo()
        return attempt
    }

    private fun request(at: Int) = sorted[at].request()

    /** The shared exchange of the operations from there on was answered. */
    fun answered(from: Int, replies: List<Reply>, node: Node, until: Long) {
        var count = replies.size
        replies.forEachIndexed { i, reply ->
            if (i > 0 && isPerhapsPlaceholder(reply) && node.hasProvenMeta == true) {
                count--
                ask(from + i, node, until)
            } else {
                answered(sorted.index(from + i), reply)
            }
        }
        val window = windowOf(from)
        if (window == null) ended(count) else window.ended(count)
    }

    /** The command that reads all keys but the first cannot tell an empty value from the placeholder of who is making the value. */
    private fun isPerhapsPlaceholder(reply: Reply) =
        reply is Reply.Value && reply.data().length() == 0 && reply.flags() == 0 && !reply.isSkipped &&
            !reply.hasWideFlags()

    /** Reads one key once more by itself, from the same server. */
    private fun ask(at: Int, node: Node, until: Long) = cluster.send(call(at, until - sorted[at].timeoutNanos(), node))

    /** A shared exchange has failed: each operation goes on by itself, to whichever server its key has by then. */
    fun failed(from: Int, to: Int, failure: Failure, node: Node, deadline: Long) {
        if (failure.kind() == Failure.Kind.LOST && failure.delivery() != Delivery.NOT_SENT) node.blame(Opcode.GET_ALL)
        if (isDone) return
        for (at in from until to) call(at, deadline - sorted[at].timeoutNanos()).failed(failure, node)
    }

    override fun result(index: Int, reply: Reply): P =
        operations[index].result(reply, topology.nodes[if (places == null) 0 else places[index]].address)

    override fun withdraw() {
        synchronized(shared) { shared.forEach { it.letGo() } }
        super.withdraw()
    }

    /** The operations, sorted by their nodes, otherwise in the order they were given in. */
    private class Sorted<P>(
        private val operations: List<Operation<P>>,
        /** Their indices; null when they are in order as they are. */
        val order: IntArray?,
    ) {
        fun index(at: Int) = if (order == null) at else order[at]

        operator fun get(at: Int) = operations[index(at)]
    }

    /**
     * The keys of a shared read: a view, because a list of its own would be garbage for every call; and not of the batch, because a request that
     * nobody waits for any more must not hold on to what came for the others.
     */
    private class Keys(
        private val sorted: Sorted<*>,
        private val from: Int,
        to: Int,
    ) : AbstractList<DataBlock>(),
        RandomAccess {
        override val size = to - from

        override fun get(index: Int): DataBlock = sorted[from + Objects.checkIndex(index, size)].request().key()
    }

    private companion object {
        /** So that others wait for a bounded time behind one read of very many keys, on both sides. */
        const val MAX_KEYS = 100
        const val MAX_KEY_BYTES = 8 * 1024

        val TOO_SLOW =
            Failure(
                Failure.Kind.TIMEOUT,
                Delivery.NOT_SENT,
                "timed out behind keys of the same call, before it was sent",
                null,
            )
    }
}
