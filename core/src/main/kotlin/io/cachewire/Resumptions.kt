package io.cachewire

import io.cachewire.operation.Call
import io.cachewire.operation.Engine
import kotlinx.coroutines.CancellableContinuation
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.suspendCancellableCoroutine
import kotlin.coroutines.ContinuationInterceptor
import kotlin.coroutines.resume
import kotlin.coroutines.resumeWithException

/**
 * How coroutines wait for calls. Those whose calls end in one turn of the I/O thread are resumed together: each dispatch from there may wake
 * a thread, which costs more than all else that the I/O thread does for a reply, so it makes one for each dispatcher, and the dispatched task
 * shares the coroutines out, half by half, to the dispatcher's other threads.
 */
internal class Resumptions(
    private val engine: Engine,
) {
    // the I/O thread's own
    private var woken = ArrayList<Waiter<*>>()
    private val resumeWoken =
        Runnable {
            val all = woken
            woken = ArrayList(all.size)
            resumeTogether(all)
        }

    /** Suspends until a call has ended, and gives its result. Nothing is submitted for a coroutine that is cancelled already. */
    suspend inline fun <R> await(crossinline submit: () -> Call<R>): R = suspendCancellableCoroutine { continuation ->
        if (continuation.isActive) {
            try {
                val call = submit()
                val waiter = Waiter(this, continuation, call)
                continuation.invokeOnCancellation(waiter)
                call.onEnd(waiter)
            } catch (e: MemcachedException) {
                // thrown from here it would leave the continuation registered with its job
                continuation.resumeWithException(e)
            }
        }
    }.result()

    private fun resume(waiter: Waiter<*>) {
        if (engine.isIoThread && waiter.findDispatcher()) {
            if (woken.isEmpty()) engine.atEndOfTurn(resumeWoken)
            woken.add(waiter)
        } else {
            waiter.resume()
        }
    }

    private fun resumeTogether(waiters: List<Waiter<*>>) {
        var from = 0
        while (from < waiters.size) {
            val first = waiters[from]
            val dispatcher = first.dispatcher!!
            var to = from + 1
            while (to < waiters.size && waiters[to].dispatcher === dispatcher) to++
            if (to - from == 1) {
                first.resume()
            } else {
                dispatcher.dispatch(first.context, Share(dispatcher, waiters, from, to))
            }
            from = to
        }
    }

    /** A coroutine and the call that it waits for: told when the call has ended, and when the coroutine was cancelled. */
    class Waiter<R>(
        private val resumptions: Resumptions,
        private val continuation: CancellableContinuation<Call<R>>,
        private val call: Call<R>,
    ) : Call.Listener,
        (Throwable?) -> Unit {
        val context get() = continuation.context

        /** What the coroutine has to be dispatched by, as [findDispatcher] found it. */
        var dispatcher: CoroutineDispatcher? = null
            private set

        /** Looks for the dispatcher; false when nothing is to be dispatched. */
        fun findDispatcher(): Boolean {
            dispatcher =
                (context[ContinuationInterceptor] as? CoroutineDispatcher)?.takeIf { it.isDispatchNeeded(context) }
            return dispatcher != null
        }

        override fun ended() = resumptions.resume(this)

        override fun invoke(cause: Throwable?) {
            call.cancel()
        }

        fun resume() = continuation.resume(call)

        /** Resumes on this thread, which is one of the dispatcher's. */
        @OptIn(ExperimentalCoroutinesApi::class)
        fun resumeOn(dispatcher: CoroutineDispatcher) = with(continuation) { dispatcher.resumeUndispatched(call) }
    }

    /**
     * Runs on a dispatcher: gives half of its coroutines away until one is left, and resumes that. So none waits for what another one does when
     * it has been resumed, as if each had been dispatched.
     */
    private class Share(
        private val dispatcher: CoroutineDispatcher,
        private val waiters: List<Waiter<*>>,
        private val from: Int,
        private var to: Int,
    ) : Runnable {
        override fun run() {
            while (to - from > 1) {
                val middle = (from + to + 1) ushr 1
                dispatcher.dispatch(waiters[middle].context, Share(dispatcher, waiters, middle, to))
                to = middle
            }
            waiters[from].resumeOn(dispatcher)
        }
    }
}
