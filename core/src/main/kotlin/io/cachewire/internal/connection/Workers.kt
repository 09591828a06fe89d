package io.cachewire.internal.connection

import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.Executor
import java.util.concurrent.locks.ReentrantLock
import kotlin.concurrent.withLock

/**
 * A few daemon threads of one client, started when there is something to do and gone when there was nothing for [IDLE_NANOS]. A task is never
 * refused: when all threads are busy it waits for one, and when no thread can be started now it waits until one can, which the sweep of deadlines
 * tries again.
 *
 * They are platform threads on every JDK. Virtual threads would run on carriers that they share with the application: callers that keep all of these would keep
 * the client from connecting, and a look-up of a name keeps its carrier until the resolver answers.
 *
 * @param most so many threads at most
 * @param onStarved a task waits and no thread could be started: [sweep] is to be called
 */
internal class Workers(
    private val name: String,
    private val most: Int,
    private val guard: StepGuard,
    private val onStarved: () -> Unit,
) : Executor,
    AutoCloseable {
    private val label = "a task of $name"
    private val tasks = ConcurrentLinkedQueue<Runnable>()
    private val lock = ReentrantLock()
    private val called = lock.newCondition()

    // guarded by the lock
    private val threads = ArrayList<Thread>()
    private var idle = 0
    private var calls = 0
    private var started = 0

    @Volatile
    private var closed = false

    /** A thread could not be started for a task. */
    @Volatile
    private var starved = false

    /** Has a task run soon. Throws only when there is no memory for the task, which is not run then. */
    override fun execute(task: Runnable) {
        tasks.add(task)
        attend()
    }

    private fun attend() {
        try {
            lock.withLock {
                when {
                    idle > calls -> {
                        calls++
                        called.signal()
                    }

                    threads.size < most -> start()
                }
            }
        } catch (e: Throwable) {
            starved = true
            onStarved()
            guard.caught("starting a thread", e)
        }
    }

    private fun start() {
        val thread = Worker("$name-${++started}")
        thread.isDaemon = true
        threads.add(thread)
        try {
            thread.start()
        } catch (e: Throwable) {
            threads.remove(thread)
            throw e
        }
    }

    private fun work() {
        try {
            while (true) {
                val task = tasks.poll()
                if (task != null) {
                    // nothing that needs memory between taking a task and running it
                    guard.run(label) { task.run() }
                    if (!closed) Thread.interrupted()
                } else if (!isCalled()) {
                    return
                }
            }
        } finally {
            lock.withLock { threads.remove(Thread.currentThread()) }
            // one that came while this thread left
            if (!tasks.isEmpty()) attend()
        }
    }

    /** Waits for a task; false when the thread is to end. */
    private fun isCalled(): Boolean = lock.withLock {
        if (!tasks.isEmpty()) return true
        if (closed) return false
        idle++
        try {
            var left = IDLE_NANOS
            while (calls == 0 && left > 0 && !closed) left = called.awaitNanos(left)
        } catch (_: InterruptedException) {
            // closed, or the last task's interrupt came late
        } finally {
            idle--
        }
        if (calls > 0) calls--
        !tasks.isEmpty()
    }

    /** Tries again to start a thread for what waits; true when that is to be seen to once more. */
    fun sweep(): Boolean {
        if (!starved) return false
        starved = false
        if (!tasks.isEmpty()) attend()
        return true
    }

    /** True on one of the threads. */
    fun isCurrentThread(): Boolean = (Thread.currentThread() as? Worker)?.isOf(this) == true

    private inner class Worker(
        name: String,
    ) : Thread(name) {
        fun isOf(workers: Workers) = workers === this@Workers

        override fun run() = work()
    }

    /** Ends the threads when they have done what waits. */
    override fun close() = lock.withLock {
        closed = true
        called.signalAll()
    }

    /** As [close]; what keeps the threads busy is interrupted. */
    fun closeNow() {
        close()
        lock.withLock { threads.forEach { if (it !== Thread.currentThread()) it.interrupt() } }
    }

    private companion object {
        const val IDLE_NANOS = 500_000_000L
    }
}
