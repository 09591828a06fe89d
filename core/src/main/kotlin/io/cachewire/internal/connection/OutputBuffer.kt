package io.cachewire.internal.connection

import io.cachewire.DataBlock
import io.cachewire.internal.protocol.Dialect
import java.nio.ByteBuffer

/**
 * Bytes on their way to the socket, for the one thread that has the right to write. Requests are encoded into an array, which goes out
 * in one write; a data block that is large or does not fit is kept by reference and follows it, in the same write as far as that goes.
 *
 * Decided in docs/decisions/0057-large-blocks-by-reference.md.
 */
internal class OutputBuffer(
    private val transport: Transport,
    private val large: LargeBuffer,
) {
    val array: ByteArray = ByteArray(SIZE)
    private val direct: ByteBuffer = ByteBuffer.allocateDirect(DIRECT_SIZE).limit(0)

    /** Where the next byte goes. */
    var position: Int = 0
        private set

    /** How much of the array is with the socket already. */
    private var sent = 0

    private var rest: DataBlock? = null

    /** How much of the rest and its trailer is out of the way. */
    private var restFrom = 0
    private var trailer = EMPTY

    /** True when two headers fit: that of a request and that of the fence before it. */
    val hasRoom: Boolean get() = rest == null && SIZE - position >= 2 * Dialect.MAX_HEADER_BYTES

    /** True when everything has been given to the socket. */
    val isEmpty: Boolean get() = position == 0 && rest == null && !direct.hasRemaining()

    /** How many bytes wait to be given to the socket. */
    val size: Int get() = direct.remaining() + position - sent + restLeft

    /** The bytes up to [newPosition] are in use. */
    fun advance(newPosition: Int) {
        position = newPosition
    }

    /** Adds a data block and what follows it. */
    fun block(data: DataBlock, after: ByteArray) {
        val target = ByteBuffer.wrap(array, position, SIZE - position)
        val copied = if (data.length() < LARGE) data.copyTo(target, 0) else 0
        position += copied
        if (copied == data.length() && SIZE - position >= after.size) {
            after.copyInto(array, position)
            position += after.size
        } else {
            rest = data
            restFrom = copied
            trailer = after
        }
    }

    /** Gives all to the socket; false when it is full before that. */
    fun flush(): Boolean {
        while (true) {
            while (direct.hasRemaining()) {
                if (transport.write(direct) == 0) return false
            }
            if (isEmpty) return true
            val taken = if (restLeft > DIRECT_SIZE && transport.takesLargeWrites) large.take() else null
            if (taken == null) {
                direct.clear()
                advanceAll(copyAll(direct))
                direct.flip()
            } else {
                val written =
                    try {
                        writeFrom(taken)
                    } finally {
                        large.giveBack(taken)
                    }
                if (!written) return false
            }
        }
    }

    private val restLeft: Int get() = rest?.let { it.length() + trailer.size - restFrom } ?: 0

    /** Writes from a buffer that keeps nothing: what the socket does not take is copied once more, later. */
    private fun writeFrom(buffer: ByteBuffer): Boolean {
        copyAll(buffer)
        buffer.flip()
        while (buffer.hasRemaining()) {
            val count = transport.write(buffer)
            if (count == 0) return false
            advanceAll(count)
        }
        return true
    }

    /** Copies what is to go out next, from the empty target's begin, as far as it fits; returns how much that was. */
    private fun copyAll(target: ByteBuffer): Int {
        target.put(array, sent, position - sent)
        val data = rest ?: return target.position()
        val copied = if (restFrom < data.length()) data.copyTo(target, restFrom) else 0
        val trailerFrom = restFrom + copied - data.length()
        if (trailerFrom >= 0) target.put(trailer, trailerFrom, minOf(trailer.size - trailerFrom, target.remaining()))
        return target.position()
    }

    /** So many bytes more have been copied for good, or are with the socket. */
    private fun advanceAll(count: Int) {
        val ofArray = minOf(count, position - sent)
        sent += ofArray
        if (sent == position) {
            sent = 0
            position = 0
        }
        restFrom += count - ofArray
        if (restLeft == 0) rest = null
    }

    private companion object {
        const val SIZE = 64 * 1024

        /** A block of 64 KiB goes out in one write with its header. */
        const val DIRECT_SIZE = SIZE + 2 * Dialect.MAX_HEADER_BYTES

        /** From here on a second copy costs more than the write that a block of its own may take. */
        const val LARGE = 16 * 1024
        val EMPTY = ByteArray(0)
    }
}
