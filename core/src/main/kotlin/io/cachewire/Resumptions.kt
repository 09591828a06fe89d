package io.cachewire

import io.cachewire.operation.Call
import io.cachewire.operation.Engine
import kotlinx.coroutines.CancellableContinuation
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.suspendCancellableCoroutine
import java.util.concurrent.atomic.AtomicInteger
import kotlin.coroutines.ContinuationInterceptor
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.resume
import kotlin.coroutines.resumeWithException

/**
 * How coroutines wait for calls. Those whose calls end in one turn of the I/O thread are resumed together: each dispatch may wake a thread, which
 * costs more than all else that is done for a reply, so the I/O thread makes one for each dispatcher, and the dispatched task resumes one coroutine after the
 * other. None waits for long for what others do when they have been resumed: what is left when a task has taken 200 microseconds is dispatched anew, in halves;
 * and what is left of a task that has not come back at the next sweep of deadlines, one by one.
 *
 * Nothing is dispatched from a thread of the dispatcher: a thread of `Dispatchers.Default` puts that into a queue of its own, where it stays for seconds when the
 * thread turns to a task of `Dispatchers.IO` while the others are busy.
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
                val call = holding(continuation.context) { submit() }
                val waiter = Waiter(this, continuation, call)
                continuation.invokeOnCancellation(waiter)
                call.onEnd(waiter)
            } catch (e: MemcachedException) {
                // thrown from here it would leave the continuation registered with its job
                continuation.resumeWithException(e)
            }
        }
    }.result()

    /** Requests of coroutines that are resumed one after the other go out together. */
    private inline fun <T> holding(context: CoroutineContext, submit: () -> T): T {
        // others than those of the dispatcher, such as an event loop within one of them, keep this thread until they have their answer
        val held = engine.heldWrites()?.takeIf { it.isOf(context[ContinuationInterceptor] ?: this) }
        held?.hold(true)
        try {
            return submit()
        } finally {
            held?.hold(false)
        }
    }

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
            val dispatcher = waiters[from]!!.dispatcher!!
            var to = from + 1
            while (to < waiters.size && waiters[to]!!.dispatcher === dispatcher) to++
            Group(engine, dispatcher, waiters, from, to).dispatch()
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
     * Coroutines of one dispatcher. Runs there: resumes them in turn, as long as that takes little time. None is kept when it has been resumed, because
     * the group itself is kept until the next sweep.
     */
    private class Group(
        private val engine: Engine,
        private val dispatcher: CoroutineDispatcher,
        private val waiters: ArrayList<Waiter<*>?>,
        private val from: Int,
        private val to: Int,
    ) : Runnable {
        /** Whoever counts it up, or to the end, has to resume what it counted. */
        private val next = AtomicInteger(from)
        private val look = Runnable { look() }

        fun dispatch() {
            if (to - from > 1 && engine.soon(look)) {
                dispatcher.dispatch(waiters[from]!!.context, this)
            } else {
                resumeEach()
            }
        }

        override fun run() {
            val held = engine.holdWrites(dispatcher)
            val begin = engine.nanos()
            var written = begin
            try {
                while (true) {
                    val index = next.getAndIncrement()
                    if (index >= to) return
                    take(index).resumeOn(dispatcher)
                    val now = engine.nanos()
                    if (now - begin >= LONG_NANOS) return
                    if (now - written >= HELD_NANOS) {
                        held.write()
                        written = now
                    }
                }
            } finally {
                held.close()
                val rest = next.getAndSet(to)
                if (rest < to) engine.onIoThread { dispatchHalves(rest) }
            }
        }

        private fun dispatchHalves(rest: Int) {
            val middle = (rest + to + 1) ushr 1
            Group(engine, dispatcher, waiters, rest, middle).dispatch()
            if (middle < to) Group(engine, dispatcher, waiters, middle, to).dispatch()
        }

        /** One that was begun and has not ended may be waiting, for any of the others too. */
        private fun look() {
            val isBegun = next.get() > from
            if (isBegun || !engine.soon(look)) resumeEach()
        }

        private fun resumeEach() {
            var index = next.getAndSet(to)
            while (index < to) take(index++).resume()
        }

        private fun take(index: Int): Waiter<*> = waiters.set(index, null)!!
    }

    private companion object {
        /** Many times what a coroutine needs to look at its value and ask for the next one. */
        const val LONG_NANOS = 200_000L

        /** A few times what a write takes: what waits longer for others gains nothing. */
        const val HELD_NANOS = 20_000L
    }
}
