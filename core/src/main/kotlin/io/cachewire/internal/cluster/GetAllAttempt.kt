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
) : Attempt<Batch<*, *>>(batch, node, request, until) {
    override fun succeeded(call: Batch<*, *>, reply: Reply) {
        node.suspects.answered(Opcode.GET_ALL)
        call.answered(from, (reply as Reply.All).replies())
    }

    override fun failed(call: Batch<*, *>, failure: Failure) = call.failed(from, to, failure, node, until)
}
