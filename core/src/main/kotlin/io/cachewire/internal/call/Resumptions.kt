package io.cachewire.internal.call

import io.cachewire.MemcachedException
import io.cachewire.get
import io.cachewire.gets
import kotlinx.coroutines.CancellableContinuation
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExecutorCoroutineDispatcher
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.suspendCancellableCoroutine
import java.util.concurrent.atomic.AtomicLong
import kotlin.coroutines.ContinuationInterceptor
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.intrinsics.suspendCoroutineUninterceptedOrReturn
import kotlin.coroutines.jvm.internal.CoroutineStackFrame
import kotlin.coroutines.resume
import kotlin.coroutines.resumeWithException

/** How coroutines wait for calls: those of one dispatcher whose calls end together are resumed together, as [Wakeups] has it. */
internal class Resumptions(
    private val wakeups: Wakeups,
) {
    /** Suspends until a call has ended, and gives its result. Nothing is submitted for a coroutine that is cancelled already. */
    suspend inline fun <R> await(crossinline submit: () -> Call<R>): R {
        // the coroutine may be resumed on a thread with another one
        val loader = Call.callersLoader()
        val ended = ended(submit)
        try {
            return ended.result(loader)
        } catch (e: MemcachedException) {
            throw if (mayTrace()) seenFromCaller(e) else e
        }
    }

    /** The second in which traces were made last, and how many in it: when a server dies, thousands of calls fail at once. */
    private val traced = AtomicLong()

    /** Frames cost far more than an exception does. */
    fun mayTrace(): Boolean {
        val second = (wakeups.nanos() / NANOS_PER_SECOND) and SECONDS_MASK
        while (true) {
            val seen = traced.get()
            val count = if (seen ushr COUNT_BITS == second) seen and COUNT_MASK else 0
            if (count >= MAX_TRACES_PER_SECOND) return false
            if (traced.compareAndSet(seen, (second shl COUNT_BITS) or (count + 1))) return true
        }
    }

    /**
     * A coroutine that was resumed has no frames of its callers on the stack: those that wait for it are put behind the others, so that the trace
     * shows who called.
     */
    suspend fun seenFromCaller(e: MemcachedException): MemcachedException =
        suspendCoroutineUninterceptedOrReturn { waiting ->
            val callers =
                generateSequence(waiting as? CoroutineStackFrame) { it.callerFrame }
                    .take(MAX_FRAMES)
                    .mapNotNull { it.getStackTraceElement() }
            val known = e.stackTrace.toList()
            e.stackTrace = (known + callers.filter { it !in known }).toTypedArray()
            e
        }

    private suspend inline fun <R> ended(crossinline submit: () -> Call<R>): Call<R> =
        suspendCancellableCoroutine { continuation ->
            if (continuation.isActive) {
                try {
                    if (wakeups.isOwnThread) checkMayWait(continuation.context)
                    val held = wakeups.hold(continuation.context[ContinuationInterceptor])
                    val call =
                        try {
                            submit()
                        } finally {
                            Wakeups.release(held)
                        }
                    val waiter = Waiter(wakeups, continuation, call)
                    continuation.invokeOnCancellation(waiter)
                    call.onEnd(waiter)
                } catch (e: Throwable) {
                    // thrown from here it would leave the continuation registered with its job
                    continuation.resumeWithException(if (e is LinkageError) wakeups.explained(e) else e)
                }
            }
        }

    /** An event loop on a thread of the client would keep it until the call ends, which needs that thread. */
    private fun checkMayWait(context: CoroutineContext) {
        if (context[ContinuationInterceptor]?.javaClass?.name == EVENT_LOOP) wakeups.checkMayWait()
    }

    /**
     * A coroutine and the call that it waits for: told when the call has ended, and when the coroutine was cancelled.
     *
     * It never goes on on one of the client's own threads: when nothing dispatches it, or a dispatcher runs what it gets at once, it goes on on another thread of
     * the client.
     */
    class Waiter<R>(
        private val wakeups: Wakeups,
        private val continuation: CancellableContinuation<Call<R>>,
        private val call: Call<R>,
    ) : Wakeups.Waiter,
        Call.Listener,
        Runnable,
        (Throwable?) -> Unit {
        private var dispatcher: CoroutineDispatcher? = null
        private var nextFailed: Wakeups.Waiter? = null

        override fun ended() {
            dispatcher = continuation.context[ContinuationInterceptor] as? CoroutineDispatcher
            wakeups.ended(this)
        }

        override fun invoke(cause: Throwable?) {
            call.cancel()
        }

        /** Those of other dispatchers are resumed one by one: a dispatcher may look at the context of what it dispatches, which is that of one of them. */
        override fun executor(): Any = dispatcher?.takeIf(::ignoresContext) ?: this

        override fun execute(task: Runnable) {
            val found = dispatcher!!
            if (found.javaClass.name == OF_EXECUTOR) {
                // the dispatcher itself would cancel one of the group when the executor refuses the task, and run it elsewhere
                (found as ExecutorCoroutineDispatcher).executor.execute(task)
            } else {
                found.dispatch(continuation.context, task)
            }
        }

        @OptIn(ExperimentalCoroutinesApi::class)
        override fun goOn() {
            val found = dispatcher
            if (found == null) continuation.resume(call) else with(continuation) { found.resumeUndispatched(call) }
        }

        override fun goOnHere() = wakeups.goOnElsewhere(this)

        override fun wake() {
            if (!continuation.isActive) return
            val found = dispatcher
            when {
                // which need no task of ours, and run none at once
                found === Dispatchers.Default || found === Dispatchers.IO -> continuation.resume(call)

                found == null || !found.isDispatchNeeded(continuation.context) ->
                    if (wakeups.isClientThread) goOnHere() else continuation.resume(call)

                else -> found.dispatch(continuation.context, this)
            }
        }

        /** The dispatcher has a task for this waiter alone. */
        override fun run() = wakeups.goOnInTask(this)

        override fun deadline() = Long.MAX_VALUE

        override fun hasGoneOn() = !continuation.isActive

        override fun nextFailed() = nextFailed

        override fun nextFailed(next: Wakeups.Waiter?) {
            nextFailed = next
        }
    }

    private companion object {
        /** So deep a chain of callers is shown. */
        const val MAX_FRAMES = 64

        const val MAX_TRACES_PER_SECOND = 50
        const val NANOS_PER_SECOND = 1_000_000_000L
        const val SECONDS_MASK = 0xffff_ffffL
        const val COUNT_BITS = 16
        const val COUNT_MASK = 0xffffL

        const val EVENT_LOOP = "kotlinx.coroutines.BlockingEventLoop"
        const val OF_EXECUTOR = "kotlinx.coroutines.ExecutorCoroutineDispatcherImpl"
        const val VIEW = "kotlinx.coroutines.internal.LimitedDispatcher"
        val NAMED_VIEWS = Regex("""Dispatchers\.(Default|IO)(\.limitedParallelism\(.*\))+""")

        /** The view that was looked at last, and what was found. */
        @Volatile
        var lastView: Pair<CoroutineDispatcher, Boolean>? = null

        /** Known by their classes: one that anybody has derived may do anything. */
        fun ignoresContext(dispatcher: CoroutineDispatcher): Boolean {
            if (dispatcher === Dispatchers.Default || dispatcher === Dispatchers.IO) return true
            return when (dispatcher.javaClass.name) {
                OF_EXECUTOR, EVENT_LOOP -> true
                VIEW -> ignoresContextAsView(dispatcher)
                else -> false
            }
        }

        /** Only the name of a view tells what is below it. */
        private fun ignoresContextAsView(view: CoroutineDispatcher): Boolean {
            lastView?.let { (seen, ignores) -> if (seen === view) return ignores }
            return NAMED_VIEWS.matches(view.toString()).also { lastView = view to it }
        }
    }
}
