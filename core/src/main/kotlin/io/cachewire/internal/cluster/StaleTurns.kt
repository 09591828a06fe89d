package io.cachewire.internal.cluster

import io.cachewire.internal.connection.Exchange
import io.cachewire.internal.connection.Failure
import io.cachewire.internal.protocol.Reply
import io.cachewire.internal.protocol.Request
import java.time.Duration

/**
 * Gives back the turn to make a stale item anew. The server gives it to the first `mg` that sees the item, also to a plain read, which will make
 * nothing: without this nobody would, until the item expires. Only an item that still has the cas unique of the read is marked stale again, so
 * that a value which was stored meanwhile stays fresh.
 */
internal class StaleTurns(
    private val node: Node,
    private val nanos: () -> Long,
) {
    /** A plain read was answered. */
    fun readBy(request: Request, reply: Reply) {
        if (reply is Reply.Value && reply.meta()?.win() == true) {
            if (reply.cas() != 0L) giveBack(request, reply.cas()) else askCas(request)
        }
    }

    private fun giveBack(read: Request, cas: Long) = send(read, Request.MetaVerb.DELETE, " I C" + cas.toULong()) {}

    /** The turn is still ours to give back while the item is stale and the turn taken. */
    private fun askCas(read: Request) = send(read, Request.MetaVerb.GET, " c") { reply ->
        val meta = (reply as? Reply.Header)?.meta()
        if (meta != null && meta.stale() && meta.won() && reply.cas() != 0L) giveBack(read, reply.cas())
    }

    private fun send(read: Request, verb: Request.MetaVerb, flags: String, then: (Reply) -> Unit) {
        val request = Request.Meta(verb, read.plain().key(), null, flags)
        node.submit(
            Step(if (read is Request.Base64) Request.Base64(request, read.key()) else request, nanos() + LIMIT, then),
        )
    }

    /** Nobody waits for it: when it is lost, the turn comes back when the item expires. */
    private class Step(
        request: Request,
        deadline: Long,
        private val then: (Reply) -> Unit,
    ) : Exchange(request, deadline) {
        override fun onReply(reply: Reply) = then(reply)

        override fun onFailure(failure: Failure) = Unit
    }

    private companion object {
        val LIMIT = Duration.ofSeconds(1).toNanos()
    }
}
