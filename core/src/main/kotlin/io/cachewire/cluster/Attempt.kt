package io.cachewire.cluster

import io.cachewire.connection.Exchange
import io.cachewire.protocol.Request

/**
 * One attempt to have a call answered by a node. It holds the call only while somebody waits: an ended exchange may stay in a queue
 * for a while.
 */
internal abstract class Attempt<T : Any>(
    private var call: T?,
    protected val node: Node,
    request: Request,
    deadline: Long,
) : Exchange(request, deadline) {
    /** What the attempt is made for, to the first who asks. */
    protected fun take(): T? = call.also { call = null }

    /** The call was cancelled. */
    fun letGo() {
        cancel()
        take()
    }
}
