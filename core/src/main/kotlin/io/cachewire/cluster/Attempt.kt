package io.cachewire.cluster

import io.cachewire.connection.Exchange
import io.cachewire.protocol.Request

/**
 * One attempt to have a call, or several, answered by a node. It holds them only while somebody waits: an
 * ended exchange may stay in a queue for a while.
 */
internal abstract class Attempt<T : Any>(
    private var calls: T?,
    protected val node: Node,
    request: Request,
    deadline: Long,
) : Exchange(request, deadline) {
    /** What the attempt is made for, to the first who asks. */
    protected fun take(): T? = calls.also { calls = null }

    /** A call that this attempt is made for was cancelled. */
    open fun letGo() {
        cancel()
        take()
    }
}
