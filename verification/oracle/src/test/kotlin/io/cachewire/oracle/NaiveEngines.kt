package io.cachewire.oracle

import io.cachewire.ServerAddress
import io.cachewire.internal.call.Call
import io.cachewire.internal.operation.Engine
import io.cachewire.internal.operation.Operation
import io.cachewire.internal.protocol.Dialect
import io.cachewire.internal.protocol.Limits
import java.io.IOException
import java.net.Socket
import java.net.SocketTimeoutException
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.Executors
import java.util.concurrent.ScheduledThreadPoolExecutor
import java.util.concurrent.TimeUnit
import kotlin.concurrent.thread

private val LIMITS = Limits(1 shl 20)

private fun daemon(body: Runnable) = Thread(body, "cachewire-naive").also { it.isDaemon = true }

/** One pipelined connection whose waiters leave the queue when they lose patience, though their replies still come. */
internal class ForgetfulQueue(
    real: Engine,
    server: ServerAddress,
    dialect: Dialect,
) : NaiveEngine(real, server, dialect) {
    private val socket = Socket(server.host(), server.port()).also { it.tcpNoDelay = true }
    private val waiting = ArrayDeque<NaiveCall<*>>()
    private val deadlines = ScheduledThreadPoolExecutor(1) { daemon(it) }
    private val reader = thread(name = "cachewire-naive", isDaemon = true, block = ::read)

    override fun <R> submit(operation: Operation<R>): Call<R> {
        val call = NaiveCall(operation, server, ::forget)
        synchronized(this) {
            waiting.addLast(call)
            try {
                socket.getOutputStream().write(bytes(operation.request()))
            } catch (_: IOException) {
                call.lost()
            }
        }
        deadlines.schedule({
            if (!call.isDone) call.timedOut().also { forget(call) }
        }, operation.timeoutNanos(), TimeUnit.NANOSECONDS)
        return call
    }

    @Synchronized
    private fun forget(call: NaiveCall<*>) {
        waiting.remove(call)
    }

    private fun read() {
        val parser = dialect.newParser(LIMITS)
        val buffer = ByteArray(64 * 1024)
        try {
            while (true) {
                val count = socket.getInputStream().read(buffer)
                if (count < 0) return
                parser.feed(buffer, 0, count)
                while (true) {
                    val reply = parser.next() ?: break
                    synchronized(this) { waiting.removeFirstOrNull() }?.answered(reply)
                }
            }
        } catch (_: IOException) {
            // closed
        }
    }

    override fun close() {
        super.close()
        socket.close()
        deadlines.shutdownNow()
        reader.join()
        synchronized(this) { waiting.toList() }.forEach { it.lost() }
    }
}

/** A pool of connections, one call at a time on each, which go back to the pool whether their reply was read or not. */
internal class HastyPool(
    real: Engine,
    server: ServerAddress,
    dialect: Dialect,
) : NaiveEngine(real, server, dialect) {
    private inner class Pooled {
        val socket = Socket(server.host(), server.port()).also {
            it.tcpNoDelay = true
            it.soTimeout = 1
        }
        val parser = dialect.newParser(LIMITS)
        val buffer = ByteArray(64 * 1024)
    }

    private val idle = ConcurrentLinkedQueue<Pooled>()
    private val all = ConcurrentLinkedQueue<Pooled>()
    private val threads = Executors.newCachedThreadPool { daemon(it) }

    override fun <R> submit(operation: Operation<R>): Call<R> {
        val call = NaiveCall(operation, server) {}
        threads.execute { ask(call) }
        return call
    }

    private fun ask(call: NaiveCall<*>) {
        try {
            val connection = idle.poll() ?: Pooled().also { all.add(it) }
            connection.socket.getOutputStream().write(bytes(call.operation().request()))
            await(connection, call)
            idle.add(connection)
        } catch (_: Exception) {
            // what it has read may be anything by now
            call.lost()
        }
    }

    private fun await(connection: Pooled, call: NaiveCall<*>) {
        while (!call.isDone) {
            val reply = connection.parser.next()
            when {
                reply != null -> call.answered(reply)
                System.nanoTime() > call.deadline -> call.timedOut()
                else -> feed(connection)
            }
        }
    }

    private fun feed(connection: Pooled) {
        try {
            val count = connection.socket.getInputStream().read(connection.buffer)
            if (count < 0) throw IOException("closed")
            connection.parser.feed(connection.buffer, 0, count)
        } catch (_: SocketTimeoutException) {
            // not yet
        }
    }

    override fun close() {
        super.close()
        threads.shutdownNow()
        all.forEach { it.socket.close() }
    }
}
