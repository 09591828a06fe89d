package io.cachewire.internal.connection.udp

import io.cachewire.internal.connection.Sentinel
import io.cachewire.internal.protocol.Dialect
import io.cachewire.internal.protocol.Limits
import io.cachewire.internal.protocol.MalformedReply
import io.cachewire.internal.protocol.Reply
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import java.nio.ByteBuffer
import kotlin.time.Duration.Companion.milliseconds

/** The no-op that shows that a server is there and what it speaks, sent again while nothing comes; what is no answer to it is dropped. */
internal class UdpGreeting(
    private val socket: UdpSocket,
    private val dialect: Dialect,
    private val id: Int,
) {
    /** Ends with the reply or an error of the socket; how long it may take is the caller's matter. */
    suspend fun exchange(): Reply = coroutineScope {
        val sending =
            launch {
                while (true) {
                    socket.send(request())
                    delay(RESEND)
                }
            }
        try {
            receive()
        } finally {
            sending.cancel()
        }
    }

    private fun request(): ByteBuffer {
        val bytes = ByteArray(UdpFrame.BYTES + Dialect.MAX_HEADER_BYTES)
        val end = dialect.encodeHeader(Sentinel.NOOP, 0, bytes, UdpFrame.BYTES)
        val datagram = ByteBuffer.wrap(bytes, 0, end)
        UdpFrame.putRequest(id, datagram)
        return datagram.rewind()
    }

    private suspend fun receive(): Reply {
        val buffer = ByteBuffer.allocate(MAX_REPLY_BYTES)
        val reply = UdpReply(MAX_REPLY_BYTES.toLong())
        while (true) {
            socket.awaitReadable()
            buffer.clear()
            if (socket.receive(buffer) == 0) continue
            val frame = UdpFrame.read(buffer.flip())?.takeIf { it.id == id } ?: continue
            val message = reply.add(frame, buffer) ?: continue
            parse(message)?.let { return it }
        }
    }

    private fun parse(message: ByteArray): Reply? = try {
        val parser = dialect.newParser(Limits(MAX_REPLY_BYTES, MAX_REPLY_BYTES, 1))
        parser.feed(message, 0, message.size)
        parser.next()
    } catch (_: MalformedReply) {
        null
    }

    private companion object {
        val RESEND = 100.milliseconds
        const val MAX_REPLY_BYTES = 1024
    }
}
