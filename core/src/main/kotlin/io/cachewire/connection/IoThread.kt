package io.cachewire.connection

import io.cachewire.protocol.MemoryBudget
import kotlinx.coroutines.CoroutineExceptionHandler
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import org.slf4j.LoggerFactory
import java.nio.ByteBuffer
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.CopyOnWriteArrayList
import java.util.concurrent.Executors
import java.util.concurrent.RejectedExecutionException
import java.util.concurrent.ScheduledExecutorService
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicBoolean
import java.util.concurrent.atomic.AtomicInteger

/**
 * The threads of one client: one for the selector, on which replies are read and exchanges end, and one that sweeps deadlines while
 * anything is pending. Both are daemons and end with [close]. No user code runs on either.
 *
 * @param memory what the connections of the client share
 */
internal class IoThread(
    val clock: Clock,
    val memory: MemoryBudget = MemoryBudget.UNBOUNDED,
) : AutoCloseable {
    private val number = NUMBERS.incrementAndGet()

    @Volatile
    private var sweeperThread: Thread? = null
    private val sweeper: ScheduledExecutorService =
        Executors.newSingleThreadScheduledExecutor { task ->
            Thread(task, "cachewire-$number-deadlines").also {
                it.isDaemon = true
                sweeperThread = it
            }
        }

    val selector = SelectorLoop("cachewire-$number-io")

    /** Home of connect attempts and readers; a failure of one is its own. */
    val scope: CoroutineScope =
        CoroutineScope(
            SupervisorJob() + Dispatchers.IO +
                CoroutineExceptionHandler { _, e -> LOG.error("a connection's coroutine failed", e) },
        )

    /** Where every connection of the client reads to: only the selector thread touches these. */
    val readBuffer: ByteBuffer = ByteBuffer.allocateDirect(READ_BUFFER_BYTES)
    val readArray: ByteArray = ByteArray(READ_BUFFER_BYTES)

    /** What large values of every connection of the client are written from. */
    val largeBuffer = LargeBuffer()

    /** Not thread-locals: threads of the common pool lose theirs with each task, and looking for one makes a table of them. */
    private val heldByThread = ConcurrentHashMap<Thread, HeldWrites>()

    /** What this thread keeps back; null when it is not to. */
    var heldWrites: HeldWrites?
        get() = heldByThread[Thread.currentThread()]
        set(value) {
            val thread = Thread.currentThread()
            if (value == null) heldByThread.remove(thread) else heldByThread[thread] = value
        }

    private val swept = CopyOnWriteArrayList<Swept>()
    private val armed = AtomicBoolean()
    private val soon = ConcurrentLinkedQueue<Runnable>()

    @Volatile
    private var closed = false

    /** Something that has deadlines. */
    interface Swept {
        /** Ends what is overdue; false when nothing is pending. */
        fun sweep(now: Long): Boolean
    }

    /** True on the thread that must never wait for a reply. */
    fun isCurrentThread(): Boolean = selector.isCurrentThread()

    fun register(connection: Swept) {
        swept.add(connection)
    }

    fun unregister(connection: Swept) {
        swept.remove(connection)
    }

    /** Called with each submitted request: starts the sweep unless it runs. */
    fun arm() {
        if (!armed.get() && armed.compareAndSet(false, true)) {
            scheduleSweep()
        }
    }

    /** Has a step run by the next sweep, or when this is closed; false, and no run, after that. It must neither block nor throw. */
    fun soon(step: Runnable): Boolean {
        if (closed) return false
        soon.add(step)
        arm()
        // the last look did not see the step
        if (closed) runSoon()
        return true
    }

    /** Runs what is there now: a step may put itself off again. */
    private fun runSoon() {
        if (soon.isEmpty()) return
        val due = ArrayList<Runnable>()
        while (true) due.add(soon.poll() ?: break)
        for (step in due) {
            try {
                step.run()
            } catch (e: RuntimeException) {
                LOG.error("a step of the sweep failed", e)
            }
        }
    }

    private fun scheduleSweep() {
        try {
            sweeper.schedule(::sweep, SWEEP_MILLIS, TimeUnit.MILLISECONDS)
        } catch (_: RejectedExecutionException) {
            // closed: whatever is pending has failed, or is about to
        }
    }

    private fun sweep() {
        val again =
            try {
                sweepAll() || disarm()
            } catch (e: RuntimeException) {
                // without the sweep no call would ever time out again
                LOG.error("a sweep of deadlines failed", e)
                true
            }
        if (again) scheduleSweep()
    }

    private fun sweepAll(): Boolean {
        runSoon()
        val now = clock.nanos()
        var pending = !soon.isEmpty()
        for (connection in swept) {
            pending = connection.sweep(now) || pending
        }
        return pending
    }

    /** Nothing is pending; but a request may have come between that look and the reset: then true, unless its submitter has seen the reset. */
    private fun disarm(): Boolean {
        armed.set(false)
        return sweepAll() && armed.compareAndSet(false, true)
    }

    /** Ends both threads, and waits for it unless it is called on one of them; connections are closed before. */
    override fun close() {
        closed = true
        scope.cancel()
        sweeper.shutdownNow()
        try {
            selector.close(CLOSE_MILLIS)
            if (!isCurrentThread() && Thread.currentThread() !== sweeperThread) {
                sweeper.awaitTermination(CLOSE_MILLIS, TimeUnit.MILLISECONDS)
            }
        } catch (_: InterruptedException) {
            Thread.currentThread().interrupt()
        } finally {
            runSoon()
        }
    }

    private companion object {
        val LOG = LoggerFactory.getLogger(IoThread::class.java)!!
        val NUMBERS = AtomicInteger()
        const val READ_BUFFER_BYTES = 128 * 1024

        /** Deadlines are kept to this much, and a sweep of ten thousand pending requests takes a small part of it. */
        const val SWEEP_MILLIS = 5L

        /** The threads end within a millisecond or two; this is for a machine that is short of everything. */
        const val CLOSE_MILLIS = 400L
    }
}
