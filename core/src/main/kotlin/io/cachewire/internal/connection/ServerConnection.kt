package io.cachewire.internal.connection

import io.cachewire.ServerAddress
import io.cachewire.internal.connection.udp.UdpConnection

/** What a node needs of a connection, whatever carries it. All methods may be called from any thread, and none blocks. */
internal interface ServerConnection {
    /** False from the moment it is known to be unusable. */
    val isOpen: Boolean

    /** True from the start of the attempt to its end. */
    val isConnecting: Boolean

    /** Requests that wait to be written or answered. */
    val pendingCount: Int

    /** What these requests take, as it is counted against the bound. */
    val pendingBytes: Long

    /** True when nothing waits to be written or answered, quiet requests and their fence included. */
    val isIdle: Boolean

    /** True when several keys can be read by one request: not before the dialect is known, and not by datagrams. */
    val hasGetAll: Boolean get() = false

    /** True when something has come since the greeting. It is written by the I/O thread without a fence, so ask when the end of the connection is told. */
    val hasHeard: Boolean get() = false

    /** Starts the attempt to connect. Requests submitted meanwhile wait for it. */
    fun start(connector: Connector)

    /** Queues an exchange, or ends it at once when a bound is reached. */
    fun submit(exchange: Exchange)

    /** As [submit] for many, in order. */
    fun submitAll(exchanges: List<Exchange>)

    /** Closes the connection; pending requests fail with the failure given. */
    fun close(why: Failure)

    companion object {
        /** A connection that was not started yet. */
        fun to(
            server: ServerAddress,
            io: IoThread,
            settings: ConnectionSettings,
            observer: Connection.Observer,
        ): ServerConnection = when (server.transport()) {
            ServerAddress.Transport.TCP, ServerAddress.Transport.UNIX -> Connection(server, io, settings, observer)
            ServerAddress.Transport.UDP -> UdpConnection(server, io, settings, observer)
        }
    }
}
