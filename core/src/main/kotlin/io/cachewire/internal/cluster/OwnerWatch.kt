package io.cachewire.internal.cluster

import org.slf4j.LoggerFactory
import java.lang.ref.PhantomReference
import java.lang.ref.ReferenceQueue

/**
 * Tells when an object has been garbage-collected, on one daemon thread for all. A [java.lang.ref.Cleaner] does the same and keeps its thread for ever,
 * with the class loader of an application that is long gone; this one ends when nothing is watched any more, as after the last client was closed.
 *
 * Decided in docs/decisions/0076-forgotten-clients.md.
 */
internal object OwnerWatch {
    private val LOG = LoggerFactory.getLogger(OwnerWatch::class.java)!!
    private val queue = ReferenceQueue<Any>()
    private val lock = Any()

    // guarded by the lock
    private val watched = HashSet<Watched>()
    private var thread: Thread? = null

    /** One object, and what is to be run when it can no longer be reached. */
    class Watched(
        owner: Any,
        val gone: Runnable,
    ) : PhantomReference<Any>(owner, queue)

    /** [gone] must not refer to the owner, and is run once at most: not after [release]. */
    fun watch(owner: Any, gone: Runnable): Watched = synchronized(lock) {
        val one = Watched(owner, gone)
        if (thread == null) {
            val next = Thread(::run, "cachewire-forgotten").also { it.isDaemon = true }
            next.start()
            thread = next
        }
        watched.add(one)
        one
    }

    /** It is not watched any more. */
    fun release(one: Watched) = synchronized(lock) {
        one.clear()
        watched.remove(one)
        endWhenIdle()
    }

    private fun endWhenIdle() {
        if (watched.isNotEmpty()) return
        thread?.interrupt()
        thread = null
    }

    private fun run() {
        while (isWanted()) {
            try {
                ended(queue.remove() as Watched)
            } catch (_: InterruptedException) {
                // nothing is watched, or was for a moment
            } catch (e: Throwable) {
                LOG.error("a client that was forgotten is not closed", e)
            }
        }
    }

    private fun isWanted() = synchronized(lock) { thread === Thread.currentThread() }

    private fun ended(one: Watched) {
        if (synchronized(lock) { watched.remove(one) }) one.gone.run()
        synchronized(lock) { endWhenIdle() }
    }
}
