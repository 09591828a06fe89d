package io.cachewire.internal.connection

import io.cachewire.Escaped
import java.io.IOException
import java.nio.ByteBuffer
import javax.net.ssl.SSLException

/** The server closed the connection before it had greeted. */
internal class ClosedAtGreeting(
    cause: IOException? = null,
) : IOException("the server closed the connection before it greeted", cause)

/** What came is nothing that a memcached says. */
internal class NotMemcached(
    said: CharSequence,
    cause: Throwable? = null,
) : IOException("the server is not a memcached: it greets with \"${Escaped.text(said)}\"", cause)

/**
 * Lines to and from a server of which nothing is known yet, one at a time. It holds a few hundred bytes whatever is sent, and gives up as
 * soon as what comes cannot be the begin of a line of memcached's.
 */
internal class GreetingLines(
    private val transport: Transport,
) {
    private val buffer = ByteBuffer.allocate(BUFFER_BYTES).limit(0)

    /** Bytes behind the last line. */
    val hasMore: Boolean get() = buffer.hasRemaining()

    suspend fun send(bytes: ByteArray) = untilClosed {
        val rest = ByteBuffer.wrap(bytes)
        while (rest.hasRemaining()) {
            if (transport.write(rest) == 0) transport.awaitWritable()
        }
    }

    /** The next line, without its end. */
    suspend fun next(): String {
        val line = StringBuilder()
        while (true) {
            while (buffer.hasRemaining()) {
                val char = Char(buffer.get().toInt() and 0xff)
                if (char == '\n') return whole(line)
                line.append(char)
                if (line.length > MAX_LINE || line[0] !in 'A'..'Z') throw foreign(line)
            }
            if (!fill()) throw if (line.isEmpty()) ClosedAtGreeting() else foreign(line)
        }
    }

    private fun whole(line: StringBuilder): String {
        if (!line.endsWith('\r')) throw foreign(line)
        return line.substring(0, line.length - 1)
    }

    private fun foreign(line: StringBuilder): NotMemcached {
        while (buffer.hasRemaining()) line.append(Char(buffer.get().toInt() and 0xff))
        return NotMemcached(line)
    }

    /** False at the end of the stream. */
    private suspend fun fill(): Boolean = untilClosed {
        buffer.clear().limit(0)
        while (!buffer.hasRemaining()) {
            transport.awaitReadable()
            buffer.clear()
            val count = transport.read(buffer)
            buffer.flip()
            if (count < 0) return@untilClosed false
        }
        true
    }

    /** A server that closes with our bytes unread resets the connection. */
    private inline fun <T> untilClosed(io: () -> T): T = try {
        io()
    } catch (e: SSLException) {
        throw e
    } catch (e: IOException) {
        throw ClosedAtGreeting(e)
    }

    private companion object {
        const val BUFFER_BYTES = 256
        const val MAX_LINE = 512
    }
}
