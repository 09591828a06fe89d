package io.cachewire.internal.connection

import io.cachewire.internal.protocol.MemoryBudget
import kotlinx.coroutines.CoroutineExceptionHandler
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import java.nio.ByteBuffer
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.atomic.AtomicBoolean
import java.util.concurrent.atomic.AtomicInteger
import java.util.concurrent.locks.LockSupport

/**
 * The threads of one client: one for the selector, on which replies are read and exchanges end, and one that sweeps deadlines while
 * anything is pending. Both are daemons, live until [close] whatever is thrown on them, and run no user code; that, connecting, and whatever may block
 * is for the workers.
 *
 * @param memory what the connections of the client share
 */
internal class IoThread(
    val clock: Clock,
    val memory: MemoryBudget = MemoryBudget.UNBOUNDED,
) : AutoCloseable {
    private val number = NUMBERS.incrementAndGet()

    /** Takes whatever is thrown on the client's threads. */
    val guard = StepGuard(clock, ::arm)

    val selector = SelectorLoop("cachewire-$number-io", guard, ::arm)

    private val connects = Workers("cachewire-$number-connect", MAX_CONNECTING, guard, ::arm)

    /** Threads for user code that the client calls, and for look-ups: whatever may block for any time. */
    val apart = Workers("cachewire-$number-apart", MAX_APART, guard, ::arm)

    /** Threads for callers that have nowhere else to be resumed. */
    val callbacks = Workers("cachewire-$number-callback", MAX_APART, guard, ::arm)

    private val timers = Timers(connects, Clock.System, ::wakeSweeper)

    /** Look-ups and user code that connecting waits for. */
    val errands = Errands(apart)

    /** Home of connect attempts and readers; a failure of one is its own. */
    val scope: CoroutineScope =
        CoroutineScope(
            SupervisorJob() + WorkerDispatcher(connects, timers) +
                CoroutineExceptionHandler { _, e -> guard.caught("a connection's coroutine", e) },
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

    /** Copied when it changes; an array, because looking through it must not need memory. */
    @Volatile
    private var swept = emptyArray<Swept>()
    private val sweptLock = Any()

    private val armed = AtomicBoolean()
    private val soon = ConcurrentLinkedQueue<Runnable>()

    @Volatile
    private var closed = false

    /** When the sweeper was last woken from its sleep. The thread that wakes it writes this before [armed]. */
    @Volatile
    private var armedAt = clock.nanos()

    /** When the last sweep began. The sweeper's own. */
    private var lastSweep = armedAt

    private var isBrokenTold = false

    /** Called once, on the thread of the deadlines, when the class path has turned out to be wrong. */
    @Volatile
    var onBroken: (Failure) -> Unit = {}

    private val sweeper = Thread(::runSweeper, "cachewire-$number-deadlines").also { it.isDaemon = true }

    init {
        try {
            selector.start()
            sweeper.start()
        } catch (e: Throwable) {
            // without its threads there is no client
            closed = true
            selector.close()
            throw e
        }
    }

    /** Something that has deadlines. */
    interface Swept {
        /** Ends what is overdue; false when nothing is pending. */
        fun sweep(now: Long): Boolean

        /** The sweep comes so much too late, because this process did not run for a while. */
        fun overslept(nanos: Long) = Unit
    }

    /** True on the thread that must never wait for a reply. */
    fun isCurrentThread(): Boolean = selector.isCurrentThread()

    /** True on the thread of the deadlines. */
    fun isSweeper(): Boolean = Thread.currentThread() === sweeper

    /** True on the two threads and on those that connect, which run no user code. */
    fun isOwnThread(): Boolean = isCurrentThread() || isSweeper() || connects.isCurrentThread()

    fun register(connection: Swept) = synchronized(sweptLock) {
        swept = swept + connection
    }

    fun unregister(connection: Swept) = synchronized(sweptLock) {
        swept = swept.filter { it !== connection }.toTypedArray()
    }

    /** Called with each submitted request: starts the sweep unless it runs. */
    fun arm() {
        if (armed.get()) return
        armedAt = clock.nanos()
        if (armed.compareAndSet(false, true)) wakeSweeper()
    }

    private fun wakeSweeper() = LockSupport.unpark(sweeper)

    /** Has a step run by the next sweep, or when this is closed; false, and no run, after that. It must neither block nor throw. */
    fun soon(step: Runnable): Boolean {
        if (closed) return false
        soon.add(step)
        arm()
        // the last look did not see the step
        if (closed) runSoon()
        return true
    }

    /** Runs a task on a thread that may connect, after a time; never when the client is closed before. */
    fun later(nanos: Long, task: Runnable) {
        timers.after(nanos, task)
    }

    /** Runs what is there now: a step may put itself off again. */
    private fun runSoon() {
        var left = soon.size
        while (left-- > 0) {
            val step = soon.poll() ?: return
            guard.run("a step of the sweep", step::run)
        }
    }

    private fun runSweeper() {
        while (!closed) {
            if (!guard.run("a round of the deadlines") { round() }) LockSupport.parkNanos(PAUSE_NANOS)
            val broken = guard.brokenBy
            if (broken != null && !isBrokenTold) {
                isBrokenTold = true
                guard.run("ending a broken client") { onBroken(broken) }
            }
        }
    }

    private fun round() {
        val next = timers.run()
        if (armed.get()) {
            LockSupport.parkNanos(this, minOf(SWEEP_NANOS, next))
            if (!closed && !sweep()) disarm()
        } else if (next == Timers.NONE) {
            LockSupport.park(this)
        } else {
            LockSupport.parkNanos(this, next)
        }
    }

    /** Ends what is overdue; false when nothing is pending. */
    private fun sweep(): Boolean {
        val now = clock.nanos()
        // it is due so long after the sweep before, or after the sweeper was woken
        val late = minOf(now - lastSweep, now - armedAt) - SWEEP_NANOS
        lastSweep = now
        if (late > OVERSLEPT_NANOS) {
            // what has come meanwhile lies in the sockets: it is read first, by the other thread, and judged in the next sweep
            for (one in swept) guard.run("the sweep of a connection") { one.overslept(late) }
            return true
        }
        runSoon()
        var pending = !soon.isEmpty()
        for (one in swept) {
            if (!guard.run("the sweep of a connection") { pending = one.sweep(now) || pending }) pending = true
        }
        if (selector.sweep()) pending = true
        if (connects.sweep() or apart.sweep() or callbacks.sweep()) pending = true
        return pending
    }

    /** Nothing is pending; but a request may have come between that look and the reset. */
    private fun disarm() {
        armed.set(false)
        try {
            if (sweep()) armed.set(true)
        } catch (e: Throwable) {
            // nobody knows what is pending
            armed.set(true)
            throw e
        }
    }

    /** Ends the threads, and waits for the two unless it is called on one of them; connections are closed before. */
    override fun close() {
        closed = true
        guard.run("ending the connections' coroutines") { scope.cancel() }
        wakeSweeper()
        try {
            selector.close(CLOSE_MILLIS)
            if (!isCurrentThread() && !isSweeper()) sweeper.join(CLOSE_MILLIS)
        } catch (_: InterruptedException) {
            Thread.currentThread().interrupt()
        } finally {
            runSoon()
            // what an Error has left behind, and nobody else looks for any more
            for (one in swept) guard.run("the last sweep of a connection") { one.sweep(clock.nanos()) }
            connects.close()
            apart.closeNow()
            callbacks.close()
        }
    }

    private companion object {
        val NUMBERS = AtomicInteger()
        const val READ_BUFFER_BYTES = 128 * 1024

        /** Deadlines are kept to this much, and a sweep of ten thousand pending requests takes a small part of it. */
        const val SWEEP_NANOS = 5_000_000L

        /** Until it is tried again what has just thrown. */
        const val PAUSE_NANOS = 1_000_000L

        /** A sweep that comes so late was kept from running by something that has kept the reader from it too. */
        const val OVERSLEPT_NANOS = 100_000_000L

        /** Attempts to connect seldom keep a thread: they wait for sockets. */
        const val MAX_CONNECTING = 4

        /** One for each name, server or caller that hangs, and the rest for the others. */
        const val MAX_APART = 64

        /** The threads end within a millisecond or two; this is for a machine that is short of everything. */
        const val CLOSE_MILLIS = 400L
    }
}
