package io.cachewire.internal.cluster

import io.cachewire.MemcachedException
import io.cachewire.MemcachedException.Delivery
import io.cachewire.ServerAddress
import io.cachewire.internal.call.Call
import io.cachewire.internal.connection.ConnectionSettings
import io.cachewire.internal.connection.Connector
import io.cachewire.internal.connection.Failure
import io.cachewire.internal.connection.IoThread
import io.cachewire.internal.connection.LineStream
import io.cachewire.internal.operation.LineSource
import io.cachewire.internal.protocol.line.LineCommand
import java.time.Duration
import java.util.concurrent.ConcurrentHashMap

/** The streams of lines that are open, so that the end of the client ends them too. */
internal class LineStreams(
    private val io: IoThread,
    private val connector: Connector,
    private val settings: ConnectionSettings,
) {
    private val open = ConcurrentHashMap.newKeySet<LineStream>()

    @Volatile
    private var closedBy: Failure? = null

    /** @param user is in use as long as the source is */
    fun open(server: ServerAddress, command: LineCommand, timeLimit: Duration?, user: Any): LineSource {
        val silence = maxOf(timeLimit ?: Duration.ZERO, settings.stallTimeout() + settings.connectTimeout())
        val limits = LineStream.TimeLimits(timeLimit?.toNanos(), silence.toNanos())
        val stream = LineStream(server, command, limits, io, connector) { open.remove(it) }
        open.add(stream)
        closedBy?.let { stream.close(it.notSent()) }
        return Source(stream, user)
    }

    /** True while no command waits for its answer; a stream without an end is not waited for. */
    val isIdle: Boolean get() = open.none { it.isCommand }

    /** Refuses those that come from here on. */
    fun refuse(why: Failure) {
        closedBy = why
    }

    fun close(why: Failure) {
        closedBy = why
        open.forEach { it.close(why) }
    }

    private class Source(
        private val stream: LineStream,
        @Suppress("unused") private val user: Any,
    ) : LineSource {
        override fun next(): Call<List<String>> = Pull(stream).also(stream::pull)

        override fun close() = stream.close(LEFT)
    }

    /** One pull as a call. */
    private class Pull(
        private val stream: LineStream,
    ) : Call<List<String>>(),
        LineStream.Listener {
        private class Failed(
            val make: () -> MemcachedException,
        )

        override fun lines(lines: List<String>) {
            end(lines)
        }

        override fun failed(make: () -> MemcachedException) {
            end(Failed(make))
        }

        override fun withdraw() = stream.close(LEFT)

        @Suppress("UNCHECKED_CAST")
        override fun decode(ended: Any): List<String> =
            if (ended is Failed) throw ended.make() else ended as List<String>
    }

    private companion object {
        val LEFT = Failure(Failure.Kind.LOST, Delivery.INDETERMINATE, "the stream was closed by its reader", null)
    }
}
