package io.cachewire.connection

import io.cachewire.DataBlock
import io.cachewire.protocol.Dialect
import java.nio.ByteBuffer

/**
 * Bytes on their way to the socket, for the one thread that has the right to write. Requests are encoded into an array, which goes out
 * in one write; a data block that is large or does not fit is kept by reference and follows it, in the same write as far as that goes.
 */
internal class OutputBuffer(
    private val transport: Transport,
) {
    val array: ByteArray = ByteArray(SIZE)
    private val direct: ByteBuffer = ByteBuffer.allocateDirect(DIRECT_SIZE).limit(0)

    /** Where the next byte goes. */
    var position: Int = 0
        private set

    private var rest: DataBlock? = null
    private var restFrom = 0
    private var trailer = EMPTY

    /** True when two headers fit: that of a request and that of the fence before it. */
    val hasRoom: Boolean get() = rest == null && SIZE - position >= 2 * Dialect.MAX_HEADER_BYTES

    /** True when everything has been given to the socket. */
    val isEmpty: Boolean get() = position == 0 && rest == null && !direct.hasRemaining()

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
            direct.clear()
            direct.put(array, 0, position)
            position = 0
            refill()
            direct.flip()
        }
    }

    private fun refill() {
        val data = rest ?: return
        restFrom += data.copyTo(direct, restFrom)
        if (restFrom == data.length() && direct.remaining() >= trailer.size) {
            direct.put(trailer)
            rest = null
        }
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
