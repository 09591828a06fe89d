package io.cachewire.cluster

import io.cachewire.connection.Exchange
import io.cachewire.connection.IoThread
import io.cachewire.connection.WriteQueue

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

    /** Gives those that still wait to [goOn], once. */
    fun end(goOn: (Exchange) -> Unit) {
        synchronized(this) { isOver = true }
        io.unregister(this)
        while (true) {
            val exchange = waiting.poll() ?: return
            if (exchange.state() == Exchange.State.QUEUED) goOn(exchange)
        }
    }

    override fun sweep(now: Long): Boolean {
        waiting.sweep(now)
        return synchronized(this) { !isOver }
    }

    private companion object {
        /** As many as one server is to get at once of calls that it may be unable to carry. */
        const val MAX_WAITING = 1024
    }
}
