package io.cachewire

import io.cachewire.operation.Call
import io.cachewire.operation.Engine
import kotlinx.coroutines.CancellableContinuation
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.suspendCancellableCoroutine
import java.util.concurrent.atomic.AtomicInteger
import kotlin.coroutines.ContinuationInterceptor
import kotlin.coroutines.resume
import kotlin.coroutines.resumeWithException

/**
 * How coroutines wait for calls. Those whose calls end in one turn of the I/O thread are resumed together: each dispatch may wake a thread, which
 * costs more than all else that is done for a reply, so the I/O thread makes one for each dispatcher, and the dispatched task resumes one coroutine after the
 * other. None waits for long for what others do when they have been resumed: what is left when a task has taken 200 microseconds, or at the next sweep of
 * deadlines, is shared out to all threads of the dispatcher.
 */
internal class Resumptions(
    private val engine: Engine,
) {
    // the I/O thread's own
    private var woken = ArrayList<Waiter<*>?>()
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

    private fun resumeTogether(waiters: ArrayList<Waiter<*>?>) {
        var from = 0
        while (from < waiters.size) {
            val first = waiters[from]!!
            val dispatcher = first.dispatcher!!
            var to = from + 1
            while (to < waiters.size && waiters[to]!!.dispatcher === dispatcher) to++
            if (to - from == 1) {
                first.resume()
            } else {
                val group = Group(dispatcher, waiters, from, to)
                engine.soon { group.shareOut() }
                dispatcher.dispatch(first.context, group)
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
     * Runs on a dispatcher: resumes its coroutines in turn, as long as that takes little time. None is kept when it has been resumed, because the group
     * itself is kept until the next sweep.
     */
    private class Group(
        private val dispatcher: CoroutineDispatcher,
        private val waiters: ArrayList<Waiter<*>?>,
        from: Int,
        private val to: Int,
    ) : Runnable {
        /** Whoever counts it up, or to the end, has to resume what it counted. */
        private val next = AtomicInteger(from)

        override fun run() {
            val begin = System.nanoTime()
            try {
                do {
                    val index = next.getAndIncrement()
                    if (index >= to) return
                    waiters.set(index, null)!!.resumeOn(dispatcher)
                } while (System.nanoTime() - begin < LONG_NANOS)
            } finally {
                shareOut()
            }
        }

        /** What has not been resumed waits no longer for what has. */
        fun shareOut() {
            val from = next.getAndSet(to)
            if (from < to) dispatcher.dispatch(waiters[from]!!.context, Share(dispatcher, waiters, from, to))
        }
    }

    /**
     * Runs on a dispatcher: gives half of its coroutines away until one is left, and resumes that, so that they end up where they would if each
     * had been dispatched.
     */
    private class Share(
        private val dispatcher: CoroutineDispatcher,
        private val waiters: ArrayList<Waiter<*>?>,
        private val from: Int,
        private var to: Int,
    ) : Runnable {
        override fun run() {
            while (to - from > 1) {
                val middle = (from + to + 1) ushr 1
                dispatcher.dispatch(waiters[middle]!!.context, Share(dispatcher, waiters, middle, to))
                to = middle
            }
            waiters.set(from, null)!!.resumeOn(dispatcher)
        }
    }

    private companion object {
        /** Many times what a coroutine needs to look at its value and ask for the next one. */
        const val LONG_NANOS = 200_000L
    }
}
