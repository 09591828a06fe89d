package io.cachewire.internal.cluster

import io.cachewire.MemcachedException.Delivery
import io.cachewire.internal.connection.Connection
import io.cachewire.internal.connection.Exchange
import io.cachewire.internal.connection.Failure
import io.cachewire.internal.connection.Found
import io.cachewire.internal.connection.IoThread
import io.cachewire.internal.connection.ServerConnection
import io.cachewire.internal.protocol.Dialect
import io.cachewire.internal.protocol.Request

/**
 * A connection for one request, after which it is closed. What becomes of it says nothing about the server's health.
 *
 * @param broke called when it was greeted, and has broken before anything of the answer came
 */
internal class LoneConnection(
    private val io: IoThread,
    private val asksText: Boolean,
    private val broke: (Failure) -> Unit,
) : Connection.Observer,
    IoThread.Swept {
    private lateinit var connection: ServerConnection
    private lateinit var over: (LoneConnection) -> Unit
    private lateinit var exchange: Exchange
    private var isRefused = false

    /** Opens it, and sends the request on it. */
    fun carry(
        exchange: Exchange,
        make: (Connection.Observer) -> ServerConnection,
        context: NodeContext,
        over: (LoneConnection) -> Unit,
    ) {
        this.over = over
        this.exchange = exchange
        connection = make(this)
        connection.start(context.connector)
        connection.submit(exchange)
        io.register(this)
        io.arm()
    }

    override fun asksText() = asksText

    override fun connected(found: Found): Dialect = found.dialect

    override fun doubted(request: Request?) {
        isRefused = true
    }

    override fun ended(wasConnected: Boolean, failure: Failure) {
        val isOurs = isRefused || failure === ANSWERED || failure.kind() == Failure.Kind.CLOSED
        if (wasConnected && !isOurs && !connection.hasHeard && exchange.state() in UNANSWERED) broke(failure)
    }

    override fun sweep(now: Long): Boolean {
        if (connection.isOpen && connection.pendingCount > 0) return true
        io.unregister(this)
        over(this)
        connection.close(ANSWERED)
        return false
    }

    /** True when nothing waits for it. */
    val isIdle: Boolean get() = !::connection.isInitialized || !connection.isOpen || connection.isIdle

    /** The client is closed, or the server taken off the list. */
    fun close(why: Failure) {
        if (::connection.isInitialized) connection.close(why)
    }

    private companion object {
        /** Written, whether its caller still waits or not. */
        val UNANSWERED = setOf(Exchange.State.WRITTEN, Exchange.State.ABANDONED)
        val ANSWERED = Failure(Failure.Kind.LOST, Delivery.INDETERMINATE, "the request has been answered", null)
    }
}
