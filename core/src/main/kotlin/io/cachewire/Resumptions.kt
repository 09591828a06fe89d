package io.cachewire

import io.cachewire.operation.Call
import io.cachewire.operation.Wakeups
import kotlinx.coroutines.CancellableContinuation
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.suspendCancellableCoroutine
import kotlin.coroutines.ContinuationInterceptor
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
        return ended(submit).result(loader)
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
}
