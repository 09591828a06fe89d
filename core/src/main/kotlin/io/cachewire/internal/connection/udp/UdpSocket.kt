package io.cachewire.internal.connection.udp

import io.cachewire.internal.connection.SelectorLoop
import io.ktor.network.selector.InterestSuspensionsMap
import io.ktor.network.selector.SelectInterest
import io.ktor.network.selector.Selectable
import java.net.SocketAddress
import java.net.StandardSocketOptions
import java.nio.ByteBuffer
import java.nio.channels.DatagramChannel

/**
 * A datagram socket connected to one server, so that the kernel drops what comes from elsewhere and tells of refused ports. ktor's own would
 * read by itself, into buffers of its own. Sending is open to all threads, the rest to one reader.
 */
internal class UdpSocket(
    private val selector: SelectorLoop,
    server: SocketAddress,
) : Selectable {
    override val channel: DatagramChannel = selector.provider.openDatagramChannel()
    override val isClosed: Boolean get() = !channel.isOpen

    // what follows is for ktor's own selector
    override val interestedOps: Int get() = 0
    override val suspensions: InterestSuspensionsMap get() = throw UnsupportedOperationException()

    override fun interestOp(interest: SelectInterest, state: Boolean) = throw UnsupportedOperationException()

    init {
        try {
            channel.configureBlocking(false)
            channel.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BYTES)
            channel.connect(server)
        } catch (e: Throwable) {
            channel.close()
            throw e
        }
    }

    /** False when the socket does not take the datagram now. */
    fun send(datagram: ByteBuffer): Boolean = channel.write(datagram) > 0

    /** The bytes of the next datagram, or 0 when there is none. */
    fun receive(target: ByteBuffer): Int = channel.read(target)

    suspend fun awaitReadable() = selector.select(this, SelectInterest.READ)

    override fun close() {
        channel.close()
        selector.notifyClosed(this)
    }

    override fun dispose() = close()

    private companion object {
        /** The kernel may give less. */
        const val RECEIVE_BYTES = 1 shl 20
    }
}
