package io.cachewire.cluster

import io.cachewire.DataBlock
import io.cachewire.connection.Exchange
import io.cachewire.connection.Failure
import io.cachewire.operation.MultiCall
import io.cachewire.operation.Operation
import io.cachewire.operation.Outcomes
import io.cachewire.protocol.Opcode
import io.cachewire.protocol.Reply
import io.cachewire.protocol.Request
import java.util.Objects
import java.util.function.Function

/**
 * Operations that were submitted together. Reads that go to one server share exchanges; all else, and every read whose shared exchange has
 * failed, goes on as a [ClusterCall].
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

    private val shared = ArrayList<GetAllAttempt>(1)

    /** Sends everything, before anybody can cancel. */
    fun submit() {
        if (places == null || sorted.order == null) {
            if (operations.isNotEmpty()) submit(0, operations.size, topology.nodes[0])
        } else {
            submitToEach(places, sorted.order)
        }
        ended(1)
    }

    private fun submitToEach(places: IntArray, order: IntArray) {
        val ends = IntArray(topology.nodes.size + 1)
        places.forEach { ends[it + 1]++ }
        for (place in 1..topology.nodes.size) ends[place] += ends[place - 1]
        // each end stands at the begin of its node's part now, and moves up
        places.forEachIndexed { index, place -> order[ends[place]++] = index }
        var from = 0
        topology.nodes.forEachIndexed { place, node ->
            val to = ends[place]
            if (to > from) submit(from, to, node)
            from = to
        }
    }

    private fun submit(from: Int, to: Int, node: Node) = node.submitAll(
        refuse = { why -> single(from, to, node).forEach { it.fail(why) } },
        exchanges = { hasGetAll ->
            if (hasGetAll) grouped(from, to, node) else single(from, to, node)
        },
    )

    /** There is nowhere to send anything. */
    fun refuse(why: Failure) {
        operations.indices.forEach { call(it).giveUp(why) }
        ended(1)
    }

    private fun single(from: Int, to: Int, node: Node) = (from until to).map { call(it).attempt(node) }

    private fun call(at: Int): ClusterCall<P> {
        val index = sorted.index(at)
        val operation = operations[index]
        return ClusterCall(operation, cluster, deadline(operation)).also { becomes(index, it) }
    }

    private fun deadline(operation: Operation<*>) = submittedAt + operation.timeoutNanos()

    private fun grouped(from: Int, to: Int, node: Node): List<Exchange> {
        val exchanges = ArrayList<Exchange>(1)
        var begin = from
        while (begin < to) {
            val end = endOfGroup(begin, to)
            if (end - begin == 1) {
                exchanges.add(call(begin).attempt(node))
            } else {
                val attempt = together(begin, end, node)
                shared.add(attempt)
                exchanges.add(attempt)
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

    private fun together(from: Int, to: Int, node: Node): GetAllAttempt {
        val request = Request.GetAll.of(Keys(sorted, from, to), request(from).opcode() == Opcode.GETS)
        return GetAllAttempt(this, from, to, node, request, deadline(sorted[from]))
    }

    private fun request(at: Int) = sorted[at].request()

    /** The shared exchange of the operations from there on was answered. */
    fun answered(from: Int, replies: List<Reply>) {
        replies.forEachIndexed { i, reply -> answered(sorted.index(from + i), reply) }
        ended(replies.size)
    }

    /** A shared exchange has failed: each operation goes on by itself, to whichever server its key has by then. */
    fun failed(from: Int, to: Int, failure: Failure, node: Node) {
        if (isDone) return
        for (at in from until to) call(at).failed(failure, node)
    }

    override fun result(index: Int, reply: Reply): P =
        operations[index].result(reply, topology.nodes[if (places == null) 0 else places[index]].address)

    override fun withdraw() {
        shared.forEach { it.letGo() }
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
    }
}
