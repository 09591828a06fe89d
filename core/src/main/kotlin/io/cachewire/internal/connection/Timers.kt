package io.cachewire.internal.connection

import kotlinx.coroutines.CancellableContinuation
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Delay
import kotlinx.coroutines.DisposableHandle
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.InternalCoroutinesApi
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.Executor
import java.util.concurrent.TimeUnit.MILLISECONDS
import kotlin.coroutines.CoroutineContext

/** What is to be run after a time, on an executor: a handful for each server. The thread of deadlines asks for what is due. */
internal class Timers(
    private val executor: Executor,
    private val clock: Clock,
    /** A timer was set that may be due before all others. */
    private val onSet: () -> Unit,
) {
    private class Timer(
        val dueAt: Long,
        val task: Runnable,
        private val timers: ConcurrentLinkedQueue<Timer>,
    ) : DisposableHandle {
        override fun dispose() {
            timers.remove(this)
        }
    }

    private val timers = ConcurrentLinkedQueue<Timer>()

    /** Has a task run after a time, unless it is taken back before. */
    fun after(nanos: Long, task: Runnable): DisposableHandle {
        val timer = Timer(clock.nanos() + maxOf(0, nanos), task, timers)
        timers.add(timer)
        onSet()
        return timer
    }

    /** Hands over what is due; the nanoseconds to the next one, or [NONE]. One that cannot be handed over now stays. */
    fun run(): Long {
        if (timers.isEmpty()) return NONE
        val now = clock.nanos()
        var next = NONE
        for (timer in timers) {
            val left = timer.dueAt - now
            if (left > 0) {
                next = minOf(next, left)
            } else {
                executor.execute(timer.task)
                timers.remove(timer)
            }
        }
        return next
    }

    companion object {
        const val NONE = Long.MAX_VALUE
    }
}

/** Coroutines on threads of the client, whose time limits and delays depend on no thread of another. */
@OptIn(InternalCoroutinesApi::class, ExperimentalCoroutinesApi::class)
internal class WorkerDispatcher(
    private val workers: Workers,
    private val timers: Timers,
) : CoroutineDispatcher(),
    Delay {
    override fun dispatch(context: CoroutineContext, block: Runnable) = workers.execute(block)

    override fun scheduleResumeAfterDelay(timeMillis: Long, continuation: CancellableContinuation<Unit>) {
        val timer = timers.after(MILLISECONDS.toNanos(timeMillis)) { with(continuation) { resumeUndispatched(Unit) } }
        continuation.invokeOnCancellation { timer.dispose() }
    }

    override fun invokeOnTimeout(timeMillis: Long, block: Runnable, context: CoroutineContext): DisposableHandle =
        timers.after(MILLISECONDS.toNanos(timeMillis), block)
}
