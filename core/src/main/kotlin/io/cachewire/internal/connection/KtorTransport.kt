package io.cachewire.internal.connection

import io.ktor.network.selector.SelectInterest
import io.ktor.network.selector.Selectable
import io.ktor.network.selector.SelectorManager
import io.ktor.network.sockets.Socket
import java.nio.ByteBuffer
import java.nio.channels.SocketChannel

/**
 * A socket that ktor opened, read and written directly: ktor's byte channels would cost a coroutine and a copy each way, the selector
 * gives the readiness.
 */
internal class KtorTransport(
    private val selector: SelectorManager,
    private val socket: Socket,
) : Transport {
    private val selectable = socket as Selectable
    private val channel = selectable.channel as SocketChannel

    override val isOpen: Boolean get() = channel.isOpen

    override fun read(target: ByteBuffer): Int = channel.read(target)

    override fun write(source: ByteBuffer): Int = channel.write(source)

    override suspend fun awaitReadable() = selector.select(selectable, SelectInterest.READ)

    override suspend fun awaitWritable() = selector.select(selectable, SelectInterest.WRITE)

    override fun close() {
        // at once: ktor's own close is a coroutine of its own that runs some time later, and then finds nothing left to do
        channel.close()
        selector.notifyClosed(selectable)
        socket.close()
    }
}
