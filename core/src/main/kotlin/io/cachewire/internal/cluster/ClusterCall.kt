package io.cachewire.internal.cluster

import io.cachewire.MemcachedException.Delivery
import io.cachewire.RetryPolicy
import io.cachewire.internal.connection.Exchange
import io.cachewire.internal.connection.Failure
import io.cachewire.internal.operation.Events
import io.cachewire.internal.operation.Operation
import io.cachewire.internal.operation.OperationCall
import io.cachewire.internal.protocol.Opcode
import io.cachewire.internal.protocol.Reply
import io.cachewire.observe.ClientEvent
import java.time.Duration

/**
 * One operation on its way: usually one exchange. A request that was not written when its connection broke, or whose key has another place by
 * now, moves there. Beyond that the client's [RetryPolicy] decides, within its rules: what may have taken effect and would take effect twice
 * is never sent again.
 */
internal class ClusterCall<R>(
    operation: Operation<R>,
    private val cluster: Cluster,
    /** When it has to be over, on the clock of the client, in nanoseconds. */
    val deadline: Long,
    /** Where it goes in any case, also when it is sent again; null to go by the key. */
    val destination: Node? = null,
) : OperationCall<R>(operation) {
    @Volatile
    private var attempt: Attempt<*>? = null

    // few each; as bytes, all that a call consists of takes 56 bytes and not 64
    private var moves: Byte = 0
    private var attempts: Byte = 1
    private var mayHaveRun = false

    /** The exchange for the next attempt, which is to go to this node. */
    fun attempt(node: Node): Exchange {
        sendingTo(node.address)
        val next = SingleAttempt(this, node)
        attempt = next
        // a cancel may have come between two attempts
        if (isDone) next.letGo()
        return next
    }

    fun succeeded(reply: Reply) {
        attempt = null
        succeed(reply)
    }

    /** The attempt at a node has failed. Where keys live may be asked of the user's code, which has no place on the client's own threads. */
    fun failed(failure: Failure, node: Node) {
        if (cluster.mustLeaveThread()) {
            cluster.apart(this) { attemptFailed(failure, node) }
        } else {
            attemptFailed(failure, node)
        }
    }

    private fun attemptFailed(failure: Failure, node: Node) {
        attempt = null
        sendingTo(node.address)
        if (failure.delivery() != Delivery.NOT_SENT) {
            mayHaveRun = true
            if (failure.kind() == Failure.Kind.LOST || failure.kind() == Failure.Kind.TIMEOUT) {
                node.blame(operation().request().opcode())
            }
            if (failure.kind() == Failure.Kind.TIMEOUT && !isDone) cluster.timedOut(node, this, failure)
        }
        val reason = if (isDone || attempts >= MAX_ATTEMPTS) null else reason(failure)
        when {
            reason == null -> giveUp(failure)
            moves(failure, node) -> cluster.send(this)
            mayHaveRun && operation().effect() == RetryPolicy.Effect.ONCE -> giveUp(failure)
            else -> cluster.retries.consider(this, failure, facts(reason, node))
        }
    }

    private fun reason(failure: Failure) = when (failure.kind()) {
        Failure.Kind.LOST -> RetryPolicy.Reason.LOST

        Failure.Kind.UNREACHABLE -> RetryPolicy.Reason.UNREACHABLE

        Failure.Kind.OVERLOADED -> RetryPolicy.Reason.OVERLOADED

        Failure.Kind.PROTOCOL -> RetryPolicy.Reason.PROTOCOL

        Failure.Kind.TIMEOUT,
        Failure.Kind.CLOSED,
        Failure.Kind.BROKEN,
        Failure.Kind.REFUSED,
        Failure.Kind.UNAUTHENTICATED,
        -> null
    }

    private fun moves(failure: Failure, from: Node): Boolean {
        val isFree =
            failure.delivery() == Delivery.NOT_SENT &&
                (
                    failure.kind() == Failure.Kind.LOST ||
                        (failure.kind() == Failure.Kind.UNREACHABLE && cluster.hasMoved(this, from))
                    )
        return isFree && ++moves <= MAX_MOVES
    }

    private fun facts(reason: RetryPolicy.Reason, node: Node) = RetryPolicy.Failed(
        operation().effect(),
        if (mayHaveRun) Delivery.INDETERMINATE else Delivery.NOT_SENT,
        reason,
        attempts.toInt(),
        Duration.ofNanos(maxOf(0, cluster.left(this))),
        node.address,
    )

    /** The policy wants another attempt. */
    fun sendAgain() {
        attempts++
        if (isDone) return
        // no event is made for nobody
        if (cluster.events !== Events.NONE) {
            cluster.events.tell(ClientEvent.Retried(operation().verb(), attempts.toInt()))
        }
        cluster.send(this)
    }

    /** There will be no other attempt. */
    fun giveUp(failure: Failure) {
        // a read that was carried out has done nothing
        val known = if (mayHaveRun && !operation().isRead) failure.indeterminate() else failure
        fail { server, key -> known.within(operation().timeoutNanos()).toException(server, key) }
    }

    override fun attempts(): Int = attempts + moves

    override fun deadline(): Long = deadline

    override fun withdraw() {
        attempt?.letGo()
    }

    private class SingleAttempt(
        call: ClusterCall<*>,
        node: Node,
    ) : Attempt<ClusterCall<*>>(call, node, node.adapted(call.operation().request()), call.deadline) {
        override fun succeeded(call: ClusterCall<*>, reply: Reply) {
            val request = call.operation().request()
            node.suspects.answered(request.opcode())
            call.succeeded(reply)
            if (request.opcode() != Opcode.META) node.staleTurns.readBy(request, reply)
        }

        override fun failed(call: ClusterCall<*>, failure: Failure) = call.failed(failure, node)
    }

    private companion object {
        const val MAX_MOVES = 3
        const val MAX_ATTEMPTS = 17
    }
}
