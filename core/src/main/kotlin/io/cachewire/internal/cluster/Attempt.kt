package io.cachewire.internal.cluster

import io.cachewire.internal.call.Call
import io.cachewire.internal.connection.Exchange
import io.cachewire.internal.connection.Failure
import io.cachewire.internal.protocol.Reply
import io.cachewire.internal.protocol.Request

/**
 * One attempt to have a call answered by a node. It holds the call only while somebody waits: an ended exchange may stay in a queue
 * for a while.
 */
internal abstract class Attempt<T : Call<*>>(
    private var call: T?,
    protected val node: Node,
    request: Request,
    deadline: Long,
) : Exchange(request, deadline) {
    final override fun onReply(reply: Reply) {
        node.answered()
        tell { succeeded(it, reply) }
    }

    final override fun onFailure(failure: Failure) = tell { failed(it, failure) }

    protected abstract fun succeeded(call: T, reply: Reply)

    protected abstract fun failed(call: T, failure: Failure)

    private inline fun tell(how: (T) -> Unit) {
        val waiting = call ?: return
        call = null
        try {
            how(waiting)
        } catch (e: Throwable) {
            // first, as it needs no stack: others may still end the call then
            call = waiting
            breakOff(e)
        }
    }

    /** The call has no other way to its end any more. */
    private fun breakOff(e: Throwable) {
        val waiting = call
        call = null
        waiting?.broke(node.explained(e))
    }

    override fun onError(error: Throwable) = breakOff(error)

    override fun retell(failure: Failure) = tell { failed(it, failure) }

    /** The call was cancelled. */
    fun letGo() {
        cancel()
        call = null
    }
}
