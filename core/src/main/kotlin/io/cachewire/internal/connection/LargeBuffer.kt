package io.cachewire.internal.connection

import java.nio.ByteBuffer
import java.util.concurrent.atomic.AtomicReference

/**
 * One large direct buffer for all connections of a client, made when it is first wanted. A writer has it for one write at a time and keeps
 * nothing in it; who does not get it makes do with his own.
 *
 * Decided in docs/decisions/0060-one-large-buffer.md.
 */
internal class LargeBuffer {
    private val free = AtomicReference(NOT_MADE)

    /** The buffer, empty, or null while somebody else has it. */
    fun take(): ByteBuffer? {
        val taken = free.getAndSet(null) ?: return null
        return if (taken === NOT_MADE) ByteBuffer.allocateDirect(SIZE) else taken.clear()
    }

    fun giveBack(taken: ByteBuffer) = free.set(taken)

    private companion object {
        const val SIZE = 512 * 1024
        val NOT_MADE: ByteBuffer = ByteBuffer.allocate(0)
    }
}
