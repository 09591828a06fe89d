package io.cachewire.cluster

import io.cachewire.MemcachedException.Delivery
import io.cachewire.ServerAddress
import io.cachewire.connection.ConnectionSettings
import io.cachewire.connection.Connector
import io.cachewire.connection.Exchange
import io.cachewire.connection.Failure
import io.cachewire.connection.IoThread
import io.cachewire.connection.ServerConnection
import java.util.concurrent.ThreadLocalRandom
import java.util.concurrent.atomic.AtomicReferenceArray
import java.util.concurrent.locks.ReentrantLock
import kotlin.concurrent.withLock

/**
 * One server and the connections to it. Connections are made when they are needed; after a failed attempt requests fail at once until the
 * back-off time is over, and then one attempt at a time is made.
 */
internal class Node(
    val address: ServerAddress,
    private val io: IoThread,
    private val settings: ConnectionSettings,
    private val connector: Connector,
    connectionsPerServer: Int,
) {
    private val connections = AtomicReferenceArray<ServerConnection?>(connectionsPerServer)
    private val health = NodeHealth(address, settings.backoff(), io.clock)

    /** Guards the making and closing of connections; submitting to an open one takes no lock. */
    private val lock = ReentrantLock()

    @Volatile
    private var closedBy: Failure? = null

    fun submit(exchange: Exchange) {
        val slot = slot()
        val open = connections.get(slot)
        if (open != null && open.isOpen) {
            val why = refusal(open)
            if (why == null) open.submit(exchange) else exchange.fail(why)
        } else {
            withConnection(slot, exchange::fail) { it.submit(exchange) }
        }
    }

    fun submitAll(exchanges: List<Exchange>) {
        withConnection(slot(), { why -> exchanges.forEach { it.fail(why) } }) { it.submitAll(exchanges) }
    }

    private inline fun withConnection(slot: Int, refuse: (Failure) -> Unit, use: (ServerConnection) -> Unit) {
        val connection =
            lock.withLock {
                val present = connections.get(slot)
                if (present != null && present.isOpen) {
                    val why = refusal(present)
                    if (why != null) {
                        refuse(why)
                        return
                    }
                    present
                } else {
                    val why = closedBy ?: health.refusal()
                    if (why != null) {
                        refuse(why)
                        return
                    }
                    connect(slot)
                }
            }
        use(connection)
    }

    /** After a failed attempt only the request that starts the next one waits for it; the others would each lose their time. */
    private fun refusal(open: ServerConnection): Failure? = if (open.isConnecting) health.refusalWhileTrying() else null

    private fun connect(slot: Int): ServerConnection {
        val connection = ServerConnection.to(address, io, settings, health)
        connections.set(slot, connection)
        connection.start(connector)
        return connection
    }

    /** Of several connections, the less busy of two taken at random: close to the best choice, at the cost of two looks. */
    private fun slot(): Int {
        val count = connections.length()
        if (count == 1) return 0
        val random = ThreadLocalRandom.current()
        val a = random.nextInt(count)
        val b = random.nextInt(count)
        return if (load(a) <= load(b)) a else b
    }

    private fun load(slot: Int) = connections.get(slot)?.pendingCount ?: 0

    /** Drops the connections; the next request makes new ones. */
    fun disconnect() {
        val why = Failure(Failure.Kind.LOST, Delivery.INDETERMINATE, "disconnected by the caller", null)
        lock.withLock { open() }.forEach { it.close(why) }
    }

    /** Forgets failed attempts: the next request tries at once. */
    fun forgive() = health.forgive()

    /** No connection is open after this, and none will be made. */
    fun close(why: Failure) {
        val open =
            lock.withLock {
                closedBy = why
                open()
            }
        open.forEach { it.close(why) }
    }

    private fun open() = (0 until connections.length()).mapNotNull(connections::get)
}
