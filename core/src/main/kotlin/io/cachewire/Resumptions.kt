package io.cachewire

import io.cachewire.operation.Call
import io.cachewire.operation.Wakeups
import kotlinx.coroutines.CancellableContinuation
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.suspendCancellableCoroutine
import java.util.concurrent.atomic.AtomicLong
import kotlin.coroutines.ContinuationInterceptor
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
                } catch (e: MemcachedException) {
                    // thrown from here it would leave the continuation registered with its job
                    continuation.resumeWithException(e)
                }
            }
        }

    /** A coroutine and the call that it waits for: told when the call has ended, and when the coroutine was cancelled. */
    class Waiter<R>(
        private val wakeups: Wakeups,
        private val continuation: CancellableContinuation<Call<R>>,
        private val call: Call<R>,
    ) : Wakeups.Waiter,
        Call.Listener,
        (Throwable?) -> Unit {
        private lateinit var dispatcher: CoroutineDispatcher

        override fun ended() {
            val context = continuation.context
            val found = context[ContinuationInterceptor] as? CoroutineDispatcher
            if (found != null && found.isDispatchNeeded(context)) {
                dispatcher = found
                wakeups.ended(this)
            } else {
                wake()
            }
        }

        override fun invoke(cause: Throwable?) {
            call.cancel()
        }

        override fun executor(): Any = dispatcher

        override fun execute(task: Runnable) = dispatcher.dispatch(continuation.context, task)

        @OptIn(ExperimentalCoroutinesApi::class)
        override fun goOn() = with(continuation) { dispatcher.resumeUndispatched(call) }

        override fun wake() = continuation.resume(call)
    }

    private companion object {
        /** So deep a chain of callers is shown. */
        const val MAX_FRAMES = 64

        const val MAX_TRACES_PER_SECOND = 50
        const val NANOS_PER_SECOND = 1_000_000_000L
        const val SECONDS_MASK = 0xffff_ffffL
        const val COUNT_BITS = 16
        const val COUNT_MASK = 0xffffL
    }
}
