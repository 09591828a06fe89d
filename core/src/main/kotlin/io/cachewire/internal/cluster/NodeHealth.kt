package io.cachewire.internal.cluster

import io.cachewire.MemcachedException.Delivery
import io.cachewire.ServerAddress
import io.cachewire.ServerState
import io.cachewire.internal.connection.Backoff
import io.cachewire.internal.connection.Clock
import io.cachewire.internal.connection.Failure
import java.time.Duration
import kotlin.time.Duration.Companion.nanoseconds

/**
 * What is known of one server, as a state machine without I/O: the node tells what happens and does what a [Verdict] says.
 *
 * LIVE becomes SUSPECT by a failure, and SUSPECT becomes DEAD by [FailurePolicy.failureLimit] of them in a row, or by a refused
 * connection at once. A reply makes a SUSPECT server LIVE. After a failed attempt to connect, and while DEAD, requests are refused and
 * only a probe is made, one at a time, after waits that grow; only a greeted probe ends that. Where keys move, a server that dies again
 * soon after its return must be greeted twice in a row, then four and eight times, so that keys do not follow each flap.
 *
 * A failure counts when what failed began after the last one that counted: many requests that one silence takes down are one failure.
 */
internal class NodeHealth(
    private val policy: FailurePolicy,
    private val backoff: Backoff,
    private val clock: Clock,
) {
    /** What may speak against a server. */
    enum class Sign {
        /** No connection, or no greeting. */
        ATTEMPT_FAILED,

        /** Nobody listens, which needs no second opinion. */
        REFUSED,

        /** A greeted connection broke. */
        LOST,

        /** A written request was not answered in time. */
        TIMED_OUT,
    }

    /** What the node is to do. */
    class Verdict(
        /** The server is dead now and was not before. */
        val died: Boolean,
        /** Nanoseconds to the probe that is to be made, or -1 for none. */
        val probeIn: Long,
        /** Requests are accepted again. */
        val isBack: Boolean = false,
    )

    private class Trouble(
        val failures: Int,
        val attempts: Int,
        val dead: Boolean,
        val refusing: Boolean,
        val greetings: Int,
        val counted: Long,
        val probeAt: Long,
        val since: Long,
        val why: Failure,
    )

    @Volatile
    private var trouble: Trouble? = null

    // guarded by this
    private var lastFailure: String? = null
    private var changedAt = clock.nanos()
    private var hasGreeted = false
    private var returnedAt = NEVER
    private var relapses = 0

    /** True while no request is accepted. */
    val isRefusing: Boolean get() = trouble?.refusing == true

    /** True while the keys of the server may live elsewhere. */
    val isDead: Boolean get() = trouble?.dead == true

    /** Failures in a row that counted. */
    val failures: Int get() = trouble?.failures ?: 0

    /** True when nobody has made the probe that was due: an Error has kept the client from it. */
    val isProbeOverdue: Boolean
        get() = trouble?.let { it.refusing && clock.nanos() - it.probeAt > OVERDUE_NANOS } == true

    /** Why no request is accepted now, or null. */
    fun refusal(): Failure? {
        val state = trouble
        if (state == null || !state.refusing) return null
        val left = state.probeAt - clock.nanos()
        val next = if (left >
            0
        ) {
            "next attempt in ${left.nanoseconds.inWholeMilliseconds} ms"
        } else {
            "an attempt is under way"
        }
        val marked = if (state.dead) "the server is marked dead: " else ""
        val kind = if (state.why.kind() == Failure.Kind.UNAUTHENTICATED) state.why.kind() else Failure.Kind.UNREACHABLE
        return Failure(kind, Delivery.NOT_SENT, "$marked${state.why.what()}; $next", state.why.cause())
    }

    /** A reply came. For a server without trouble this is one read of a field that seldom changes. */
    fun answered() {
        if (trouble != null) calm()
    }

    @Synchronized
    private fun calm() {
        if (isRefusing) return
        hasGreeted = true
        trouble = null
    }

    /** Something spoke against the server; [startedAt] is when the attempt or the request began, or the connection was last made. */
    @Synchronized
    fun failed(sign: Sign, startedAt: Long, why: Failure): Verdict {
        val now = clock.nanos()
        val before = trouble
        lastFailure = why.what()
        if (before != null && !counts(before, sign, startedAt)) return NOTHING
        val isAttempt = sign == Sign.ATTEMPT_FAILED || sign == Sign.REFUSED
        val failures = (before?.failures ?: 0) + 1
        val attempts = (before?.attempts ?: 0) + if (isAttempt) 1 else 0
        val wasDead = before?.dead == true
        val dead = wasDead || sign == Sign.REFUSED || failures >= policy.failureLimit()
        val refusing = dead || isAttempt || before?.refusing == true
        val wait = if (refusing) backoff.delayNanos(maxOf(1, attempts)) else 0
        val since = if (before == null || dead != wasDead) now else before.since
        trouble = Trouble(failures, attempts, dead, refusing, 0, now, now + wait, since, why)
        if (dead && !wasDead) {
            relapses = if (returnedAt != NEVER && now - returnedAt < settled()) relapses + 1 else 0
        }
        return Verdict(dead && !wasDead, if (refusing) wait else -1)
    }

    private fun counts(before: Trouble, sign: Sign, startedAt: Long): Boolean {
        val isAttempt = sign == Sign.ATTEMPT_FAILED || sign == Sign.REFUSED
        return when {
            // what is left of the connections of before
            before.refusing && !isAttempt -> false

            startedAt - before.counted >= 0 -> true

            // too early to count twice, but attempts must be spaced from now on
            else -> isAttempt && !before.refusing
        }
    }

    /** A connection was greeted. For a server that is refusing it was the probe. */
    @Synchronized
    fun greeted(): Verdict {
        val before = trouble
        hasGreeted = true
        if (before == null || !before.refusing) return NOTHING
        val greetings = before.greetings + 1
        val now = clock.nanos()
        if (before.dead && greetings < greetingsNeeded()) {
            val wait = backoff.delayNanos(greetings)
            trouble =
                Trouble(
                    before.failures, before.attempts, true, true, greetings, before.counted, now + wait, before.since,
                    before.why,
                )
            return Verdict(died = false, probeIn = wait)
        }
        if (before.dead) returnedAt = now
        changedAt = now
        trouble = null
        return Verdict(died = false, probeIn = -1, isBack = true)
    }

    private fun greetingsNeeded() = if (policy.mode().movesKeys()) 1 shl minOf(relapses, MAX_DOUBLINGS) else 1

    private fun settled() = SETTLED_WAITS * backoff.longest().toNanos()

    /** The next request tries at once. */
    @Synchronized
    fun forgive() {
        if (trouble != null) {
            changedAt = clock.nanos()
            hasGreeted = false
        }
        trouble = null
        relapses = 0
        returnedAt = NEVER
    }

    /** For people. */
    @Synchronized
    fun state(address: ServerAddress): ServerState {
        val now = clock.nanos()
        val state = trouble
        val health =
            when {
                state == null -> if (hasGreeted) ServerState.Health.LIVE else ServerState.Health.UNKNOWN
                state.dead -> ServerState.Health.DEAD
                else -> ServerState.Health.SUSPECT
            }
        val probe = if (state?.refusing == true) Duration.ofNanos(maxOf(0, state.probeAt - now)) else null
        val since = Duration.ofNanos(now - (state?.since ?: changedAt))
        return ServerState(address, health, state?.failures ?: 0, since, probe, lastFailure)
    }

    private companion object {
        const val NEVER = -1L

        /** A server that has lived for so many of the longest waits has settled. */
        const val SETTLED_WAITS = 10L
        const val MAX_DOUBLINGS = 3

        /** A probe has begun by then. */
        const val OVERDUE_NANOS = 1_000_000_000L
        val NOTHING = Verdict(died = false, probeIn = -1)
    }
}
