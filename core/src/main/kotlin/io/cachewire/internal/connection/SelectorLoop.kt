package io.cachewire.internal.connection

import io.ktor.network.selector.SelectInterest
import io.ktor.network.selector.Selectable
import io.ktor.network.selector.SelectorManager
import kotlinx.coroutines.CancellableContinuation
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import kotlinx.coroutines.suspendCancellableCoroutine
import java.io.IOException
import java.nio.channels.CancelledKeyException
import java.nio.channels.ClosedChannelException
import java.nio.channels.ClosedSelectorException
import java.nio.channels.SelectionKey
import java.nio.channels.Selector
import java.nio.channels.spi.SelectorProvider
import java.util.IdentityHashMap
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.atomic.AtomicBoolean
import java.util.concurrent.locks.LockSupport
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.resume
import kotlin.coroutines.resumeWithException

/**
 * The selector that ktor's sockets of one client use: one daemon thread, on which every wait resumes.
 *
 * ktor's own selector takes a socket's interest away with each event and polls twice to set it again, which is fair to many kinds of
 * sockets and costs a reader that always waits again two system calls per read. This one leaves the interest of a wait that was renewed
 * while it resumed. What resumes here must neither block nor throw. When something throws nevertheless, an Error included, the loop goes on; when the selector
 * itself fails, every wait fails and there is a new selector.
 *
 * Decided in docs/decisions/0010-selector-loop.md.
 *
 * @param onMissed a task waits, and waking the loop has failed: [sweep] is to be called
 */
internal class SelectorLoop(
    threadName: String,
    private val guard: StepGuard,
    private val onMissed: () -> Unit,
) : SelectorManager {
    override val provider: SelectorProvider = SelectorProvider.provider()
    override val coroutineContext: CoroutineContext = SupervisorJob()

    @Volatile
    private var selector: Selector = provider.openSelector()
    private val tasks = ConcurrentLinkedQueue<() -> Unit>()
    private val awake = AtomicBoolean()
    private val runningLate = AtomicBoolean()

    @Volatile
    private var closed = false

    /** True when the loop's thread has left everything in order. */
    @Volatile
    private var ended = false

    /** Who waits, by socket; only the loop's thread looks at it. */
    private val waits = IdentityHashMap<Selectable, Waits>()

    /** What the turn has found; only the loop's thread looks at it. */
    private val ready = ArrayList<SelectionKey>()

    /** What was put off to the end of this turn of the loop; only the loop's thread looks at it. */
    private val turnEnd = ArrayList<Runnable>()

    /** What is left for the next turn, when other sockets have been served; only the loop's thread looks at it. */
    private var nextTurn = ArrayList<Runnable>()
    private var ofThisTurn = ArrayList<Runnable>()

    /** How many turns have begun; for the loop's thread only. */
    var turns = 0
        private set

    /** How often to look again soon, for sockets that were closed while they were registered. */
    private var looks = 0

    private val thread = Thread(::run, threadName).also { it.isDaemon = true }

    /** Starts the thread; nothing is lost that was given to the loop before. */
    fun start() = thread.start()

    /** The waits of one socket, one for each interest at most. */
    private class Waits {
        val byInterest = arrayOfNulls<CancellableContinuation<Unit>>(SelectInterest.entries.size)

        fun resumeReady(ready: Int): Int {
            var renewed = 0
            for (interest in INTERESTS) {
                if (ready and interest.flag == 0) continue
                val waiting = byInterest[interest.ordinal]
                byInterest[interest.ordinal] = null
                waiting?.let { resume(it, interest) }
                if (byInterest[interest.ordinal] != null) renewed = renewed or interest.flag
            }
            return renewed
        }

        private fun resume(waiting: CancellableContinuation<Unit>, interest: SelectInterest) {
            try {
                waiting.resume(Unit)
            } catch (e: Throwable) {
                // one that has not been resumed is tried again in the next turn, as its socket is still ready
                if (waiting.isActive && byInterest[interest.ordinal] == null) byInterest[interest.ordinal] = waiting
                throw e
            }
        }

        fun fail(cause: Throwable) {
            for (index in byInterest.indices) {
                val waiting = byInterest[index]
                byInterest[index] = null
                waiting?.resumeWithException(cause)
            }
        }
    }

    /** True on the loop's thread. */
    fun isCurrentThread(): Boolean = Thread.currentThread() === thread

    override suspend fun select(selectable: Selectable, interest: SelectInterest) =
        suspendCancellableCoroutine { waiting ->
            if (interest == SelectInterest.CONNECT) {
                // ktor closes the socket of a cancelled connect without a word; that takes effect when the selector looks again
                waiting.invokeOnCancellation { execute { looks = LOOKS_AFTER_CANCEL } }
            }
            if (isCurrentThread()) {
                register(selectable, interest, waiting)
            } else {
                execute { register(selectable, interest, waiting) }
            }
        }

    private fun register(selectable: Selectable, interest: SelectInterest, waiting: CancellableContinuation<Unit>) {
        try {
            if (closed) throw ClosedSelectorException()
            val key = selectable.channel.keyFor(selector) ?: selectable.channel.register(selector, 0, selectable)
            val present = waits.getOrPut(selectable, ::Waits)
            val index = interest.ordinal
            check(present.byInterest[index]?.isActive != true) { "two waits for $interest on one socket" }
            key.interestOpsOr(interest.flag)
            // last, because a wait that fails here must not be found again
            present.byInterest[index] = waiting
        } catch (e: Throwable) {
            waiting.resumeWithException(if (e is CancelledKeyException) ClosedChannelException() else e)
        }
    }

    /** Ends the waits of a socket that was closed. */
    override fun notifyClosed(selectable: Selectable) {
        execute { waits.remove(selectable)?.fail(ClosedChannelException()) }
    }

    /**
     * Runs a task on the loop's thread, soon; on the calling thread when the loop has ended. It must neither block nor throw. This throws only when
     * there is no memory for the task, which is not run then.
     */
    fun execute(task: () -> Unit) {
        tasks.add(task)
        if (ended) {
            // the loop did not see the task
            runLateTasks()
        } else if (!awake.get() && awake.compareAndSet(false, true)) {
            try {
                selector.wakeup()
            } catch (e: Throwable) {
                onMissed()
                guard.caught("waking the selector", e)
            }
        }
    }

    /** Wakes the loop for a task that it has not seen for too long; true when there is one. */
    fun sweep(): Boolean {
        if (tasks.isEmpty() || ended) return false
        selector.wakeup()
        return true
    }

    /** When the loop has ended: one thread at a time, because tasks rely on being alone. A task that another one has added is run by either. */
    private fun runLateTasks() {
        while (!tasks.isEmpty() && runningLate.compareAndSet(false, true)) {
            try {
                runTasks()
                runTurnEnd()
            } finally {
                runningLate.set(false)
            }
        }
    }

    /** Not all at once: other threads may add tasks as fast as this one runs them, and the sockets wait. */
    private fun runTasks() {
        repeat(MAX_TASKS_IN_A_ROW) {
            val task = tasks.poll() ?: return
            guard.run("a task of the selector", task)
        }
    }

    /** Waits for sockets, unless there is a task. A task that comes while the loop is awake need not wake it, which costs a system call. */
    private fun select() {
        awake.set(false)
        try {
            if (!tasks.isEmpty() || nextTurn.isNotEmpty()) {
                selector.selectNow(ready::add)
            } else if (looks > 0) {
                looks--
                selector.select(ready::add, LOOK_MILLIS)
            } else {
                selector.select(ready::add)
            }
        } finally {
            awake.set(true)
        }
    }

    private fun run() {
        try {
            while (!closed) {
                if (!guard.run("a turn of the selector", ::turn) && !closed) recover()
            }
        } finally {
            closed = true
            end()
        }
    }

    private fun turn() {
        turns++
        ready.clear()
        runTasks()
        runLeftOver()
        runTurnEnd()
        select()
        for (i in ready.indices) {
            val key = ready[i]
            guard.run("resuming a wait") { resume(key) }
        }
        ready.clear()
        runTurnEnd()
    }

    /** A turn has failed: the next one finds all that it left, unless the selector itself is at its end. */
    private fun recover() {
        guard.run("opening a new selector") {
            if (!isUsable()) {
                failWaits()
                guard.run("closing the selector", selector::close)
                selector = provider.openSelector()
            }
        }
        // whatever is missing, memory or descriptors, must not be asked for all the time
        LockSupport.parkNanos(PAUSE_NANOS)
    }

    private fun isUsable(): Boolean = try {
        selector.selectNow { }
        true
    } catch (_: IOException) {
        false
    } catch (_: ClosedSelectorException) {
        false
    }

    private fun failWaits() {
        val left = waits.values.toList()
        waits.clear()
        for (one in left) guard.run("failing a wait") { one.fail(ClosedSelectorException()) }
    }

    private fun end() {
        guard.run("failing the waits", ::failWaits)
        guard.run("closing the selector", selector::close)
        while (!tasks.isEmpty()) runTasks()
        runTurnEnd()
        while (nextTurn.isNotEmpty()) runLeftOver()
        // only now may other threads run tasks: nobody waits any more, and registering is refused
        ended = true
        runLateTasks()
    }

    /** On the loop's thread: runs [step] when all sockets that are ready now have been served. */
    fun atEndOfTurn(step: Runnable) {
        turnEnd.add(step)
    }

    /** On the loop's thread: runs [step] in the next turn, behind the sockets that are ready in this one and behind the tasks. */
    fun inNextTurn(step: Runnable) {
        nextTurn.add(step)
    }

    private fun runLeftOver() {
        if (nextTurn.isEmpty()) return
        val steps = nextTurn
        nextTurn = ofThisTurn
        ofThisTurn = steps
        for (i in steps.indices) guard.run("a step that was left over", steps[i]::run)
        steps.clear()
    }

    private fun runTurnEnd() {
        // a step may put off another one
        var next = 0
        while (next < turnEnd.size) {
            val step = turnEnd[next++]
            guard.run("a step at the end of a turn", step::run)
        }
        turnEnd.clear()
    }

    private fun resume(key: SelectionKey) {
        try {
            val ready = key.readyOps()
            val renewed = waits[key.attachment()]?.resumeReady(ready) ?: 0
            // one that was not renewed would make the selector spin
            key.interestOpsAnd(ready.inv() or renewed)
        } catch (_: CancelledKeyException) {
            // closed meanwhile: its waits end by notifyClosed
        }
    }

    /** Ends the thread; every wait fails. Returns when it has ended, within the time given, or at once on the thread itself. */
    fun close(waitMillis: Long) {
        close()
        if (!isCurrentThread()) thread.join(waitMillis)
    }

    override fun close() {
        closed = true
        guard.run("ending the selector's scope") { cancel() }
        selector.wakeup()
        if (thread.state == Thread.State.NEW) selector.close()
    }

    private companion object {
        const val LOOKS_AFTER_CANCEL = 20
        const val LOOK_MILLIS = 10L
        const val MAX_TASKS_IN_A_ROW = 64
        const val PAUSE_NANOS = 1_000_000L
        val INTERESTS = SelectInterest.entries.toTypedArray()
    }
}
