package io.cachewire.oracle

import io.cachewire.ConnectionLostException
import io.cachewire.MemcachedException
import io.cachewire.RequestTimeoutException
import io.cachewire.ServerAddress
import io.cachewire.fixture.HostileServer
import io.cachewire.internal.call.Call
import io.cachewire.internal.call.Outcomes
import io.cachewire.internal.operation.BatchCall
import io.cachewire.internal.operation.Engine
import io.cachewire.internal.operation.Operation
import io.cachewire.internal.operation.OperationCall
import io.cachewire.internal.protocol.Dialect
import io.cachewire.internal.protocol.Opcode
import io.cachewire.internal.protocol.Reply
import io.cachewire.internal.protocol.Request
import java.util.concurrent.CancellationException
import java.util.function.Function

/** A server that lies; nothing else befalls it. */
internal class HostileTarget(
    private val server: HostileServer,
) : Target {
    override val address: ServerAddress get() = server.address()

    override fun pause() = Unit

    override fun resume() = Unit

    override fun kill() = error("not this server")

    override fun startAgain() = error("not this server")

    override fun flush() = error("not this server")

    override fun close() = server.close()
}

/** A dialect that takes any reply as the answer to any request. */
internal class Gullible(
    private val honest: Dialect,
) : Dialect by honest {
    override fun answers(request: Request, opaque: Int, reply: Reply) = true
}

/** Sends steps and appends once more when it does not know whether they were done. */
internal class BlindResend(
    private val engine: Engine,
) : Engine by engine {
    override fun <R> submit(operation: Operation<R>): Call<R> = if (operation.request().opcode() in
        ONCE_ONLY
    ) {
        Resent(operation).also { it.start() }
    } else {
        engine.submit(operation)
    }

    private inner class Resent<R>(
        private val operation: Operation<R>,
    ) : Call<R>() {
        @Volatile
        private lateinit var attempt: Call<R>

        fun start() {
            val first = engine.submit(operation)
            attempt = first
            first.onEnd { if (mayHaveBeenDone(first)) again() else end(first) }
        }

        private fun again() {
            val second = engine.submit(operation)
            attempt = second
            second.onEnd { end(second) }
        }

        private fun mayHaveBeenDone(call: Call<R>) = try {
            call.result()
            false
        } catch (e: MemcachedException) {
            e.delivery() == MemcachedException.Delivery.INDETERMINATE
        } catch (_: CancellationException) {
            false
        }

        override fun withdraw() {
            attempt.cancel()
        }

        @Suppress("UNCHECKED_CAST")
        override fun decode(ended: Any): R = (ended as Call<R>).result()
    }

    private companion object {
        val ONCE_ONLY = setOf(Opcode.INCREMENT, Opcode.DECREMENT, Opcode.APPEND)
    }
}

/** What the naive engines have in common: no check of replies, and calls that end by whoever is first. The real one serves the rest. */
internal abstract class NaiveEngine(
    private val real: Engine,
    protected val server: ServerAddress,
    protected val dialect: Dialect,
) : Engine by real {
    protected class NaiveCall<R>(
        operation: Operation<R>,
        to: ServerAddress,
        private val letGo: (NaiveCall<*>) -> Unit,
    ) : OperationCall<R>(operation) {
        val deadline = System.nanoTime() + operation.timeoutNanos()

        init {
            sendingTo(to)
        }

        fun answered(reply: Reply) = succeed(reply)

        fun timedOut() = fail { server, key ->
            RequestTimeoutException("too late", MemcachedException.Delivery.INDETERMINATE, server, key)
        }

        fun lost() = fail { server, key ->
            ConnectionLostException("lost", MemcachedException.Delivery.INDETERMINATE, server, key, null)
        }

        override fun withdraw() = letGo(this)
    }

    protected fun bytes(request: Request): ByteArray {
        val header = ByteArray(Dialect.MAX_HEADER_BYTES)
        val head = header.copyOf(dialect.encodeHeader(request, 0, header, 0))
        val block = request.data() ?: return head
        return head + block.toByteArray() + dialect.trailer()
    }

    override fun <P, R> submitAll(operations: List<Operation<P>>, combine: Function<in Outcomes<P>, out R>): Call<R> =
        BatchCall(operations.map { submit(it) }, combine)

    override fun <R> submitToEach(operation: Operation<R>): Map<ServerAddress, Call<R>> =
        mapOf(server to submit(operation))

    override fun close() = real.close()
}
