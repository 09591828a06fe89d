package io.cachewire.internal.connection

import io.cachewire.MemcachedException
import io.cachewire.MemcachedException.Delivery
import io.cachewire.ServerAddress
import io.cachewire.ServerVersion
import io.cachewire.UnsupportedByServerException
import io.cachewire.internal.protocol.MalformedReply
import io.cachewire.internal.protocol.binary.BinaryDialect
import io.cachewire.internal.protocol.line.LineCommand
import io.cachewire.internal.protocol.line.LineCommand.Ending
import io.cachewire.internal.protocol.line.LineSplitter
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.DelicateCoroutinesApi
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.launch
import java.io.EOFException
import java.io.IOException
import java.nio.ByteBuffer
import java.util.concurrent.atomic.AtomicReference

/**
 * One command and the lines of its reply, on a connection of its own. The first [pull] opens it; each pull reads once, so that nothing is read
 * that nobody waits for, and at most [READ_BYTES] are held. A pull ends by lines, by the end of the reply, by a failure, or by [close]; one
 * that waits for a silent server is ended by its time limit, except on a stream without an end, which may be silent for ever.
 *
 * Pulls come one after another. The first one runs on a thread that connects, the others, with their listeners, on the I/O thread.
 */
@OptIn(DelicateCoroutinesApi::class)
internal class LineStream(
    private val server: ServerAddress,
    private val command: LineCommand,
    private val limits: TimeLimits,
    private val io: IoThread,
    private val connector: Connector,
    private val onClosed: (LineStream) -> Unit,
) : IoThread.Swept {
    /** How long all of it may take, and how long one pull; null for any time. */
    class TimeLimits(
        val totalNanos: Long?,
        val silenceNanos: Long,
    )

    /** Told once for each pull; must neither block nor throw. */
    interface Listener {
        /** No lines at the end of the reply. */
        fun lines(lines: List<String>)

        /** The exception is made by the caller, for its stack trace. */
        fun failed(make: () -> MemcachedException)
    }

    /** Whether it has a time limit for the whole of it. */
    val isCommand: Boolean = limits.totalNanos != null

    private val failure = AtomicReference<() -> MemcachedException>()
    private val until = limits.totalNanos?.let { io.clock.nanos() + it }

    @Volatile
    private var transport: Transport? = null

    /** When the pull that waits is overdue; 0 when none waits or it may wait for ever. */
    @Volatile
    private var overdue = 0L

    @Volatile
    private var pulledAt = 0L

    // of the pull that runs
    private val splitter = LineSplitter()
    private val buffer = ByteBuffer.allocate(READ_BYTES)
    private var sent = false

    @Volatile
    private var first = true

    @Volatile
    private var asked = false
    private var ended = false

    init {
        io.register(this)
    }

    /** Reads the next lines for the listener. */
    fun pull(listener: Listener) {
        setTimer()
        val open = transport
        if (open == null) {
            launched(listener) { io.scope.launch(start = CoroutineStart.ATOMIC) { pullFor(listener) { open() } } }
        } else {
            launched(listener) {
                io.selector.execute {
                    launched(listener) {
                        io.scope.launch(Dispatchers.Unconfined, CoroutineStart.ATOMIC) { pullFor(listener) { open } }
                    }
                }
            }
        }
    }

    private inline fun launched(listener: Listener, launch: () -> Unit) {
        try {
            launch()
        } catch (e: Throwable) {
            failed(listener, e)
        }
    }

    private fun failed(listener: Listener, e: Throwable) {
        if (e is Error) io.guard.caught("a stream of lines from $server", e)
        overdue = 0
        end(io.guard.brokenBy?.let(::failing) ?: explained(e))
        listener.failed(failure.get())
    }

    private suspend fun pullFor(listener: Listener, source: suspend () -> Transport) {
        val lines =
            try {
                failure.get()?.let { throw it() }
                if (ended) emptyList() else read(source())
            } catch (e: Throwable) {
                failed(listener, e)
                return
            }
        overdue = 0
        listener.lines(lines)
    }

    private fun setTimer() {
        val endless = command.ending() == Ending.OPEN && !first
        if (endless && until == null) return
        val now = io.clock.nanos()
        pulledAt = now
        val silence = now + limits.silenceNanos
        // 0 stands for no timer
        overdue = (if (until != null && until - silence < 0) until else silence).let { if (it == 0L) 1L else it }
        io.arm()
    }

    private fun explained(e: Throwable): () -> MemcachedException = when {
        e is MemcachedException -> ({ e })

        e is MalformedReply ->
            failing(Failure(Failure.Kind.PROTOCOL, Delivery.INDETERMINATE, e.message ?: "malformed", null))

        !sent -> failing(failedAttempt(e))

        else -> failing(Failure(Failure.Kind.LOST, Delivery.INDETERMINATE, "the connection broke: ${e.message}", e))
    }

    private fun failing(failure: Failure): () -> MemcachedException = { failure.toException(server, null) }

    private suspend fun open(): Transport {
        if (server.transport() == ServerAddress.Transport.UDP) {
            throw refused("there is no connection for \"${verb()}\" to a server that is asked over UDP")
        }
        val opened = connector.open(server, asksText = true)
        transport = opened.transport
        if (failure.get() != null) opened.transport.close()
        if (opened.found.dialect is BinaryDialect) {
            throw refused("the connection speaks the binary protocol, which has no \"${verb()}\"")
        }
        command.needs()?.let { needed ->
            // what says no version of memcached refuses by itself what it lacks
            val version = ServerVersion.ofMemcached(opened.found.version)
            if (version != null && !needed.isIn(version)) {
                throw UnsupportedByServerException(needed, version, server, null)
            }
        }
        sent = true
        write(opened.transport, command.line())
        return opened.transport
    }

    private fun verb() = command.line().substringBefore(' ')

    private fun refused(what: String) =
        Failure(Failure.Kind.REFUSED, Delivery.NOT_SENT, what, null).toException(server, null)

    private suspend fun write(to: Transport, line: String) {
        val bytes = ByteBuffer.wrap("$line\r\n".toByteArray())
        while (bytes.hasRemaining()) {
            if (to.write(bytes) == 0) to.awaitWritable()
        }
    }

    private suspend fun read(from: Transport): List<String> {
        val lines = read(from, command.ending())
        val last = lines.indices.firstOrNull { isLast(lines[it]) }
        if (last != null) {
            if (!lines.drop(last + 1).all(::mayFollow)) throw MalformedReply("a line behind the end of the reply")
            ended = true
            release()
            val isAnswer = asked && !LineCommand.isEnd(lines[last])
            return if (isAnswer) lines.take(last) else lines.take(last + 1)
        }
        if (ended) release()
        return lines
    }

    /** The answer to [askForEnd] ends a dump too, and is none of its lines. */
    private fun isLast(line: String): Boolean {
        val isAnswer = asked && (line.startsWith(VERSION) || LineCommand.isError(line))
        return (isAnswer || command.endsWith(line, first)).also { first = false }
    }

    private fun mayFollow(line: String) = (asked && line.startsWith(VERSION)) || command.mayFollow(line)

    /**
     * Servers before 1.5.0 do not say where a dump ends. One that has been silent for a while is asked something: while it dumps it answers
     * nothing else. It may lose the begin of the question then, and answers what is left of it with an error.
     */
    private fun askForEnd() {
        if (asked) return
        asked = true
        io.scope.launch {
            try {
                write(transport!!, "version")
            } catch (e: IOException) {
                end(explained(e))
            }
        }
    }

    private suspend fun read(from: Transport, ending: Ending): List<String> {
        val lines = ArrayList<String>()
        while (lines.isEmpty()) {
            from.awaitReadable()
            buffer.clear()
            val count = from.read(buffer)
            if (count < 0) {
                if (ending != Ending.CLOSED) throw EOFException("the server closed the connection")
                ended = true
                return lines
            }
            splitter.feed(buffer.array(), count, lines)
        }
        return lines
    }

    override fun sweep(now: Long): Boolean {
        val limit = overdue
        if (limit == 0L) return false
        if (command.isDump() && !first && now - pulledAt > QUIET_NANOS) askForEnd()
        if (now - limit > 0) {
            val delivery = if (sent) Delivery.INDETERMINATE else Delivery.NOT_SENT
            close(Failure(Failure.Kind.TIMEOUT, delivery, "no end of the reply to a server command in time", null))
        }
        return true
    }

    /** Ends it: a pull that waits fails, and so do all that come. */
    fun close(why: Failure) = end(failing(why))

    private fun end(why: () -> MemcachedException) {
        failure.compareAndSet(null, why)
        release()
    }

    private fun release() {
        transport?.close()
        io.unregister(this)
        onClosed(this)
    }

    private companion object {
        const val READ_BYTES = 16 * 1024
        const val VERSION = "VERSION "

        /** A dump that says nothing for so long has ended without a word, or the crawler sleeps. */
        const val QUIET_NANOS = 1_000_000_000L
    }
}
