package io.cachewire.internal.connection

import java.nio.ByteBuffer

/**
 * A byte stream to a server that never blocks a thread. One reader and one writer use it at a time.
 *
 * Closing it is the only way to end a wait: a wait is never cancelled by itself, because the selector would still hold it when the next
 * one comes, and a selector knows one wait for each interest of a socket.
 */
internal interface Transport : AutoCloseable {
    /** Whether nobody on the way can read or change the bytes: passwords may go over it. */
    val isSecure: Boolean get() = false

    /** Whether a write of hundreds of kibibytes is better than several, and may be followed by one of less when it took nothing. */
    val takesLargeWrites: Boolean get() = true

    /** Whether a few reads of some ten kibibytes are as good as one of all that. */
    val takesSmallReads: Boolean get() = true

    /** False when the socket was closed, by whomever. */
    val isOpen: Boolean get() = true

    /** Reads what is there: the number of bytes, 0 when there are none now, -1 at the end of the stream. */
    fun read(target: ByteBuffer): Int

    /** Writes what the socket takes now, possibly nothing. */
    fun write(source: ByteBuffer): Int

    /** Returns when a read may give something; resumes on the I/O thread. Fails when the transport is closed. */
    suspend fun awaitReadable()

    /** Returns when a write may take something; resumes on the I/O thread. Fails when the transport is closed. */
    suspend fun awaitWritable()

    /** Closes the socket and ends both waits; safe to repeat and to call from any thread. */
    override fun close()
}
