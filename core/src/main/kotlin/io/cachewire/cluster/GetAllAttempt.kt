package io.cachewire.cluster

import io.cachewire.connection.Failure
import io.cachewire.protocol.Opcode
import io.cachewire.protocol.Reply
import io.cachewire.protocol.Request

/** The reads of a batch in one exchange, [from] until [to] in its order. */
internal class GetAllAttempt(
    batch: Batch<*, *>,
    private val from: Int,
    private val to: Int,
    node: Node,
    request: Request.GetAll,
    private val until: Long,
) : Attempt<Batch<*, *>>(batch, node, request, until) {
    override fun succeeded(call: Batch<*, *>, reply: Reply) {
        node.suspects.answered(Opcode.GET_ALL)
        call.answered(from, (reply as Reply.All).replies())
    }

    override fun failed(call: Batch<*, *>, failure: Failure) = call.failed(from, to, failure, node, until)
}
