package io.cachewire.internal.cluster

import io.cachewire.MemcachedException.Delivery
import io.cachewire.internal.connection.Failure
import io.cachewire.internal.connection.IoThread
import io.cachewire.internal.operation.Events

/**
 * How a client ends: when it is closed, or when its class path has turned out to be one that it cannot work with. Each part is ended whatever the others throw.
 */
internal class ClientEnd(
    private val io: IoThread,
    private val members: Membership,
    private val lines: LineStreams,
    private val retries: Retries,
    private val events: Events,
) {
    /** Why no call can succeed any more, or null. */
    @Volatile
    var why: Failure? = null
        private set

    init {
        io.onBroken = { broken -> if (why == null) endAll(broken) }
    }

    /** True while nothing is under way; what is between two places may be in neither for a moment. */
    val isIdle: Boolean
        get() = retries.isIdle && lines.isIdle && members.topology.nodes.all { it.isIdle }

    private fun endAll(with: Failure) {
        why = with
        io.guard.run("closing the connections") { members.close(with) }
        io.guard.run("closing the streams of lines") { lines.close(with) }
        io.guard.run("ending the retries") { retries.close(with) }
    }

    /** Ends all, and the threads; a client that is broken keeps saying so. */
    fun close() {
        endAll(why ?: CLOSED)
        io.close()
        events.close()
    }

    private companion object {
        val CLOSED = Failure(Failure.Kind.CLOSED, Delivery.INDETERMINATE, "the client is closed", null)
    }
}
