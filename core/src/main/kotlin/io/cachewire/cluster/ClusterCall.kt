package io.cachewire.cluster

import io.cachewire.MemcachedException.Delivery
import io.cachewire.connection.Exchange
import io.cachewire.connection.Failure
import io.cachewire.operation.Operation
import io.cachewire.operation.OperationCall
import io.cachewire.protocol.Reply

/**
 * One operation on its way: usually one exchange. A request that was not written when its connection broke moves to the next one; a read
 * that was written is sent once more. Anything else that was written is never sent again, because it may have taken effect.
 */
internal class ClusterCall<R>(
    operation: Operation<R>,
    private val cluster: Cluster,
    private val deadline: Long,
    private val handOver: Boolean,
    /** Where it goes in any case, also when it is sent again; null to go by the key. */
    val destination: Node? = null,
) : OperationCall<R>(operation) {
    @Volatile
    private var attempt: Attempt? = null
    private var moves = 0
    private var resent = false

    /** The exchange for the next attempt, which is to go to this node. */
    fun attempt(node: Node): Exchange {
        sendingTo(node.address)
        val next = Attempt(this)
        attempt = next
        // a cancel may have come between two attempts
        if (isDone) next.cancel()
        return next
    }

    private fun succeeded(reply: Reply) {
        attempt = null
        succeed(reply)
    }

    fun failed(failure: Failure) {
        attempt = null
        if (!isDone && mayGoOn(failure)) {
            cluster.send(this)
        } else {
            fail { server, key -> failure.within(operation().timeoutNanos()).toException(server, key) }
        }
    }

    private fun mayGoOn(failure: Failure): Boolean = when {
        failure.kind() != Failure.Kind.LOST -> false
        failure.delivery() == Delivery.NOT_SENT -> ++moves <= MAX_MOVES
        operation().isRead && !resent -> true.also { resent = true }
        else -> false
    }

    override fun withdraw() {
        attempt?.cancel()
    }

    private class Attempt(
        private var call: ClusterCall<*>?,
    ) : Exchange(call!!.operation().request(), call.deadline) {
        private val handedOver = call!!.handOver

        override fun isHandedOver() = handedOver

        override fun onReply(reply: Reply) {
            take()?.succeeded(reply)
        }

        override fun onFailure(failure: Failure) {
            take()?.failed(failure)
        }

        /** An ended exchange may stay in a queue for a while and must not hold the call. */
        private fun take() = call.also { call = null }
    }

    private companion object {
        const val MAX_MOVES = 3
    }
}
