package io.cachewire.internal.connection

import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletableDeferred
import java.net.InetAddress
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.Executor
import java.util.concurrent.atomic.AtomicInteger

/**
 * What may block for any time while a connection is made: look-ups of names, and user code such as a provider of credentials. It runs apart from the attempts that
 * wait for it, because it may not heed an interrupt, and one at a time for each name and each server, so that one that hangs takes one thread whatever the
 * number of attempts.
 */
internal class Errands(
    private val executor: Executor,
) {
    private val lookups = ConcurrentHashMap<String, CompletableDeferred<List<InetAddress>>>()
    private val lines = ConcurrentHashMap<String, Line>()

    /** Finds the addresses of a host; joins a look-up of the same name that is under way. */
    suspend fun lookUp(host: String, resolver: Resolver): List<InetAddress> {
        val mine = CompletableDeferred<List<InetAddress>>()
        val underWay = lookups.putIfAbsent(host, mine)
        if (underWay != null) return underWay.await()
        try {
            executor.execute {
                val found = runCatching { resolver.resolve(host) }
                lookups.remove(host, mine)
                mine.endWith(found)
            }
        } catch (e: Throwable) {
            lookups.remove(host, mine)
            mine.completeExceptionally(e)
            throw e
        }
        return mine.await()
    }

    /** Runs user code for a server, after what runs for the same server already. */
    suspend fun <T> forServer(server: String, work: () -> T): T {
        val result = CompletableDeferred<T>()
        lines.computeIfAbsent(server) { Line(executor) }.add {
            // the waiting caller has given up meanwhile
            if (result.isActive) result.endWith(runCatching(work))
        }
        try {
            return result.await()
        } catch (e: CancellationException) {
            result.cancel()
            throw e
        }
    }

    private fun <T> CompletableDeferred<T>.endWith(result: Result<T>) {
        result.fold(::complete, ::completeExceptionally)
    }

    /** Tasks that run one after the other. */
    private class Line(
        private val executor: Executor,
    ) {
        private val tasks = ConcurrentLinkedQueue<() -> Unit>()
        private val left = AtomicInteger()

        fun add(task: () -> Unit) {
            tasks.add(task)
            if (left.getAndIncrement() == 0) next()
        }

        private fun next() {
            try {
                executor.execute {
                    try {
                        tasks.remove()()
                    } finally {
                        if (left.decrementAndGet() > 0) next()
                    }
                }
            } catch (e: Throwable) {
                // the attempts that wait end by their time limit, and later ones begin anew
                tasks.clear()
                left.set(0)
                throw e
            }
        }
    }
}
