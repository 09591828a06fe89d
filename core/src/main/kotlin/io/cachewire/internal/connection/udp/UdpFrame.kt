package io.cachewire.internal.connection.udp

import java.io.ByteArrayOutputStream
import java.nio.ByteBuffer
import java.util.concurrent.ThreadLocalRandom

/**
 * The eight bytes before each datagram's content: request id, number of this datagram, how many the message has, and zero, each of 16 bits
 * (protocol.txt, "UDP protocol").
 */
internal class UdpFrame(
    val id: Int,
    val sequence: Int,
    val total: Int,
) {
    companion object {
        const val BYTES = 8

        /** A request and its frame have no more, so that no network cuts them in pieces; memcached's answers keep to it too. */
        const val MAX_DATAGRAM_BYTES = 1400
        private const val MASK = 0xffff

        /** Writes the frame of a request, which is one datagram always. */
        fun putRequest(id: Int, into: ByteBuffer) {
            into.putShort(id.toShort()).putShort(0).putShort(1).putShort(0)
        }

        /** Reads the frame of a reply; null for what is none. */
        fun read(datagram: ByteBuffer): UdpFrame? {
            if (datagram.remaining() <= BYTES) return null
            val frame = UdpFrame(number(datagram), number(datagram), number(datagram))
            val reserved = number(datagram)
            return frame.takeIf { reserved == 0 && it.sequence < it.total }
        }

        private fun number(datagram: ByteBuffer) = datagram.getShort().toInt() and MASK
    }
}

/**
 * The datagrams of one reply, in whatever order they come. Keeps the first of each number, and takes memory for what has come only: not for
 * what a frame announces, and for at most [maxBytes].
 */
internal class UdpReply(
    private val maxBytes: Long,
) {
    private val parts = HashMap<Int, ByteArray>()
    private var total = 0
    private var bytes = 0L

    /** Takes the rest of a datagram; the whole message when it was the last one missing, else null. */
    fun add(frame: UdpFrame, content: ByteBuffer): ByteArray? {
        if (parts.isEmpty()) total = frame.total
        if (frame.total != total || frame.sequence in parts) return null
        val part = ByteArray(content.remaining()).also(content::get)
        bytes += part.size
        if (bytes > maxBytes) {
            clear()
            return null
        }
        parts[frame.sequence] = part
        if (parts.size < total) return null
        val whole = ByteArrayOutputStream(bytes.toInt())
        for (sequence in 0 until total) whole.write(parts.getValue(sequence))
        clear()
        return whole.toByteArray()
    }

    private fun clear() {
        parts.clear()
        bytes = 0
    }
}

/**
 * Request ids, from a random one upwards. All others come before an id comes again, so that late and doubled replies to the request that had
 * it last seldom meet the next one, where opaque or key tell them apart. Not thread-safe.
 */
internal class UdpRequestIds(
    private var next: Int = ThreadLocalRandom.current().nextInt(COUNT),
) {
    /** The next id that is free; there is one, because few requests are in flight. */
    inline fun take(isFree: (Int) -> Boolean = { true }): Int {
        while (true) {
            val id = next
            next = (id + 1) % COUNT
            if (isFree(id)) return id
        }
    }

    companion object {
        const val COUNT = 1 shl 16
    }
}
