package io.cachewire.internal.connection

import io.cachewire.DataBlock
import io.cachewire.internal.protocol.AskedKeys
import io.cachewire.internal.protocol.Dialect
import io.cachewire.internal.protocol.GetAllAnswer
import io.cachewire.internal.protocol.MalformedReply
import io.cachewire.internal.protocol.Reply
import io.cachewire.internal.protocol.Request

/**
 * Gives the replies of one connection to the requests that they answer, on the I/O thread: each must fit the head of the pending queue, by
 * opaque or key and by kind. When one does not, nothing that comes behind it can be believed.
 *
 * Decided in docs/decisions/0065-turns-and-pieces.md.
 *
 * @param doubted told of a reply that leaves in doubt what the server has read, before its caller is: what others wait for has to come by
 * another connection
 */
internal class ReplyMatcher(
    private val dialect: Dialect,
    private val pending: PendingQueue,
    private val refusedQuietly: (Reply.Line) -> Unit = {},
    private val doubted: (Request?, Reply.Line) -> Unit = { _, _ -> },
) : AskedKeys {
    /** What has come for the head, when that reads several keys. */
    private var collected: GetAllAnswer? = null
    private var ended = 0

    /** Ends the exchange that a reply belongs to. */
    fun accept(reply: Reply) {
        val head = pending.peek() ?: throw MalformedReply("a reply that nobody asked for: ${reply.kind()}")
        if (head is Sentinel) {
            acceptForQuiet(reply)
            return
        }
        val request = head.request()
        if (request is Request.GetAll) {
            collect(reply, request, head)
            return
        }
        if (!dialect.answers(request, head.opaque(), reply)) {
            throw MalformedReply("${reply.kind()} does not answer the ${request.opcode()} that is next in line")
        }
        leave()
        val leavesDoubt = reply.isError && dialect.leavesDoubt(request, reply)
        if (leavesDoubt) doubted(request, reply as Reply.Line)
        head.complete(reply)
        if (leavesDoubt) throw MalformedReply(DOUBT)
    }

    private fun leave() {
        pending.poll()
        ended++
    }

    /** How many requests have left the pending queue since this was last asked. */
    fun takeEnded(): Int = ended.also { ended = 0 }

    override fun find(bytes: ByteArray, from: Int, to: Int): DataBlock? = collected?.find(bytes, from, to)

    private fun collect(reply: Reply, request: Request.GetAll, head: Exchange) {
        val answer = collected ?: dialect.getAllAnswer(request, head.opaque()).also { collected = it }
        if (!answer.take(reply)) return
        // before the exchange leaves the queue: what fails here must find it there
        val whole = answer.whole()
        collected = null
        leave()
        head.complete(whole)
    }

    private fun acceptForQuiet(reply: Reply) {
        if (reply.kind() == Reply.Kind.NOOP) {
            leave()
        } else if (reply is Reply.Line) {
            if (!reply.isError) throw MalformedReply("${reply.kind()} to a quiet request")
            refusedQuietly(reply)
            if (dialect.leavesDoubt(null, reply)) {
                doubted(null, reply)
                throw MalformedReply(DOUBT)
            }
        }
    }

    private companion object {
        const val DOUBT = "a refusal that leaves in doubt what the server has read"
    }
}
