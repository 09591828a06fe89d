package io.cachewire.internal.cluster

import io.cachewire.MemcachedException.Delivery
import io.cachewire.internal.connection.Exchange
import io.cachewire.internal.connection.Failure
import io.cachewire.internal.connection.IoThread
import io.cachewire.internal.connection.WriteQueue

/** While a [ControlRead] shows whether a command breaks connections, or the network does: requests with that command wait here. */
internal class Trial(
    private val io: IoThread,
) : IoThread.Swept {
    private val waiting = WriteQueue()

    // guarded by this
    private var count = 0
    private var isOver = false

    init {
        io.register(this)
    }

    /** False when it is over, or when too many wait. */
    fun keeps(exchange: Exchange): Boolean {
        synchronized(this) {
            if (isOver || count == MAX_WAITING) return false
            count++
            waiting.add(exchange)
        }
        io.arm()
        return true
    }

    /** Gives those that still wait to [goOn], each once. */
    fun end(goOn: (Exchange) -> Unit) {
        synchronized(this) { isOver = true }
        while (true) {
            val exchange = waiting.poll() ?: break
            try {
                if (exchange.state() == Exchange.State.QUEUED) goOn(exchange)
            } catch (e: Throwable) {
                exchange.fail(STRANDED)
                io.guard.caught("sending a call that has waited", e)
            }
        }
        io.unregister(this)
    }

    override fun sweep(now: Long): Boolean {
        waiting.sweep(now)
        return synchronized(this) { !isOver }
    }

    private companion object {
        /** When it ends without a verdict each gets a connection of its own. */
        const val MAX_WAITING = 64

        /** Made once: there may be no memory for one. */
        val STRANDED =
            Failure(Failure.Kind.LOST, Delivery.NOT_SENT, "an Error has kept a call that waited from being sent", null)
    }
}
