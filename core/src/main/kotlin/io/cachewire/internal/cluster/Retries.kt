package io.cachewire.internal.cluster

import io.cachewire.RetryPolicy
import io.cachewire.internal.connection.Failure
import io.cachewire.internal.connection.IoThread
import org.slf4j.LoggerFactory
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.atomic.AtomicBoolean

/**
 * Calls between two attempts: while a user's policy decides, on a thread that may run user code, and while they wait. The sweep of deadlines
 * sends them again when their wait is over, and ends them when their time is.
 */
internal class Retries(
    private val io: IoThread,
    private val policy: RetryPolicy,
) : IoThread.Swept {
    private val waiting = ConcurrentLinkedQueue<Waiting>()

    /** Set when the client is closed. */
    @Volatile
    private var closedBy: Failure? = null

    init {
        io.register(this)
    }

    /** True while no call is between two attempts. */
    val isIdle: Boolean get() = waiting.isEmpty()

    private class Waiting(
        val call: ClusterCall<*>,
        val failure: Failure,
    ) {
        private val claimed = AtomicBoolean()

        @Volatile
        var dueAt = Long.MAX_VALUE

        /** True for the one who is to end the waiting. */
        fun claim() = claimed.compareAndSet(false, true)
    }

    /** Sends the call again, at once or later, or has it fail; the facts are those of the attempt that brought the failure. */
    fun consider(call: ClusterCall<*>, failure: Failure, facts: RetryPolicy.Failed) {
        when {
            // no user code, so no other thread
            policy === RetryPolicy.never() -> call.giveUp(failure)

            policy === RetryPolicy.standard() ->
                if (policy.waitBeforeRetry(facts) == null) call.giveUp(failure) else call.sendAgain()

            else -> ask(Waiting(call, failure), facts)
        }
    }

    private fun ask(entry: Waiting, facts: RetryPolicy.Failed) {
        waiting.add(entry)
        closedBy?.let(::endAll)
        io.arm()
        try {
            io.apart.execute { decide(entry, facts) }
        } catch (e: Throwable) {
            end(entry) { it.giveUp(entry.failure) }
            throw e
        }
    }

    private fun decide(entry: Waiting, facts: RetryPolicy.Failed) {
        val now = io.clock.nanos()
        val wait = decision(facts)
        when {
            wait < 0 || wait >= entry.call.deadline - now -> end(entry) { it.giveUp(entry.failure) }
            wait == 0L -> end(entry) { it.sendAgain() }
            else -> entry.dueAt = now + wait
        }
    }

    private fun decision(facts: RetryPolicy.Failed): Long = try {
        val wait = policy.waitBeforeRetry(facts)
        if (wait == null || wait.isNegative || wait > facts.left()) -1 else wait.toNanos()
    } catch (e: Throwable) {
        LOG.warn("a retry policy has thrown; the call is not sent again", e)
        -1
    }

    private inline fun end(entry: Waiting, how: (ClusterCall<*>) -> Unit) {
        if (entry.claim()) {
            waiting.remove(entry)
            try {
                how(entry.call)
            } catch (e: Throwable) {
                io.guard.caught("sending a call again", e)
                entry.call.broke(e)
            }
        }
    }

    override fun sweep(now: Long): Boolean {
        for (entry in waiting) {
            when {
                entry.call.isDone -> end(entry) { }
                now - entry.call.deadline >= 0 -> end(entry) { it.giveUp(entry.failure) }
                now - entry.dueAt >= 0 -> end(entry) { it.sendAgain() }
            }
        }
        return !waiting.isEmpty()
    }

    /** Ends all that waits, now and later. */
    fun close(why: Failure) {
        closedBy = why
        io.unregister(this)
        endAll(why)
    }

    private fun endAll(why: Failure) = waiting.forEach { entry -> end(entry) { it.giveUp(why) } }

    private companion object {
        val LOG = LoggerFactory.getLogger(Retries::class.java)!!
    }
}
