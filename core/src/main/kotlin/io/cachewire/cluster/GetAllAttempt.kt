package io.cachewire.cluster

import io.cachewire.connection.Exchange
import io.cachewire.connection.Failure
import io.cachewire.protocol.Opcode
import io.cachewire.protocol.Reply
import io.cachewire.protocol.Request
import java.util.concurrent.atomic.AtomicInteger

/**
 * The reads of several calls in one exchange. Each call gets its own reply; when the exchange fails, each goes on by itself, to whichever
 * server its key has by then.
 */
internal class GetAllAttempt private constructor(
    calls: List<ClusterCall<*>>,
    node: Node,
    request: Request.GetAll,
) : Attempt<List<ClusterCall<*>>>(calls, node, request, calls.first().deadline) {
    private val waiting = AtomicInteger(calls.size)

    override fun onReply(reply: Reply) {
        node.answered()
        val replies = (reply as Reply.All).replies()
        take()?.forEachIndexed { index, call -> call.succeeded(replies[index]) }
    }

    override fun onFailure(failure: Failure) {
        take()?.forEach { it.failed(failure, node) }
    }

    override fun letGo() {
        if (waiting.decrementAndGet() == 0) super.letGo()
    }

    companion object {
        /** So that others wait for a bounded time behind one read of very many keys, on both sides. */
        private const val MAX_KEYS = 100
        private const val MAX_KEY_BYTES = 8 * 1024

        /** First attempts for calls, in order: together as far as they are plain reads of a kind. */
        fun attempts(calls: List<ClusterCall<*>>, node: Node): List<Exchange> {
            val attempts = ArrayList<Exchange>()
            var from = 0
            while (from < calls.size) {
                val to = endOfGroup(calls, from)
                attempts.add(if (to - from == 1) calls[from].attempt(node) else together(calls.subList(from, to), node))
                from = to
            }
            return attempts
        }

        private fun endOfGroup(calls: List<ClusterCall<*>>, from: Int): Int {
            val opcode = groupable(calls[from]) ?: return from + 1
            val most = minOf(calls.size, from + MAX_KEYS)
            var bytes = calls[from].operation().request().key().length()
            var to = from + 1
            while (to < most && groupable(calls[to]) == opcode) {
                bytes += calls[to].operation().request().key().length()
                if (bytes > MAX_KEY_BYTES) break
                to++
            }
            return to
        }

        private fun groupable(call: ClusterCall<*>): Opcode? {
            val request = call.operation().request()
            return request.opcode().takeIf { it == Opcode.GET || it == Opcode.GETS }
        }

        private fun together(calls: List<ClusterCall<*>>, node: Node): GetAllAttempt {
            val keys = calls.map { it.operation().request().key() }
            val withCas = calls.first().operation().request().opcode() == Opcode.GETS
            val attempt = GetAllAttempt(calls, node, Request.GetAll.of(keys, withCas))
            calls.forEach { it.join(attempt, node) }
            return attempt
        }
    }
}
