package io.cachewire.internal.cluster

import io.cachewire.internal.connection.Failure
import io.cachewire.internal.protocol.Opcode
import io.cachewire.internal.protocol.Reply
import io.cachewire.internal.protocol.Request

/** The reads of a batch in one exchange, [from] until [to] in its order. */
internal class GetAllAttempt(
    batch: Batch<*, *>,
    private val from: Int,
    private val to: Int,
    node: Node,
    request: Request.GetAll,
    private val until: Long,
    /** Of the first key, by itself. */
    private val first: Request,
) : Attempt<Batch<*, *>>(batch, node, request, until) {
    override fun succeeded(call: Batch<*, *>, reply: Reply) {
        node.suspects.answered(Opcode.GET_ALL)
        val replies = (reply as Reply.All).replies()
        call.answered(from, replies, node, until)
        // the others were read by a command that takes no turn
        node.staleTurns.readBy(first, replies[0])
    }

    override fun failed(call: Batch<*, *>, failure: Failure) = call.failed(from, to, failure, node, until)
}
