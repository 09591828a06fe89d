package io.cachewire.connection

import io.ktor.network.selector.SelectInterest
import io.ktor.network.selector.Selectable
import io.ktor.network.selector.SelectorManager
import io.ktor.network.sockets.Socket
import java.nio.ByteBuffer
import java.nio.channels.SocketChannel

/**
 * A socket that ktor opened, read and written directly: ktor's byte channels would cost a coroutine and a copy each way, its selector
 * gives the readiness.
 */
internal class KtorTransport(
    private val selector: SelectorManager,
    private val socket: Socket,
) : Transport {
    private val selectable = socket as Selectable
    private val channel = selectable.channel as SocketChannel

    init {
        // the reader is always interested, so this one stays on
        selectable.interestOp(SelectInterest.READ, true)
    }

    override fun read(target: ByteBuffer): Int = channel.read(target)

    override fun write(source: ByteBuffer): Int = channel.write(source)

    override suspend fun awaitReadable() = selector.select(selectable, SelectInterest.READ)

    override suspend fun awaitWritable() {
        selectable.interestOp(SelectInterest.WRITE, true)
        try {
            selector.select(selectable, SelectInterest.WRITE)
        } finally {
            selectable.interestOp(SelectInterest.WRITE, false)
        }
    }

    override fun close() {
        socket.close()
        selector.notifyClosed(selectable)
    }
}
