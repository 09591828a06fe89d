package io.cachewire.cluster

import io.cachewire.MemcachedException.Delivery
import io.cachewire.ServerAddress
import io.cachewire.connection.Backoff
import io.cachewire.connection.Clock
import io.cachewire.connection.Connection
import io.cachewire.connection.Failure
import org.slf4j.LoggerFactory
import kotlin.time.Duration.Companion.nanoseconds

/**
 * Whether a server may be tried. Only a greeted connection counts as a success; each failed attempt lengthens the wait before the next one.
 * The log tells once that a server is gone and once that it is back, whatever happens in between.
 */
internal class NodeHealth(
    private val server: ServerAddress,
    private val backoff: Backoff,
    private val clock: Clock,
) : Connection.Observer {
    private class Down(
        val failures: Int,
        val until: Long,
        val why: Failure,
    )

    @Volatile
    private var down: Down? = null

    /** Why a request must not wait for a connection now, or null when an attempt may be made. */
    fun refusal(): Failure? {
        val state = down ?: return null
        val left = state.until - clock.nanos()
        if (left <= 0) return null
        val what = "${state.why.what()}; next attempt in ${left.nanoseconds.inWholeMilliseconds} ms"
        return Failure(state.why.kind(), Delivery.NOT_SENT, what, state.why.cause())
    }

    /** Why a request must not wait for the attempt that is under way: the one before it failed. */
    fun refusalWhileTrying(): Failure? {
        val state = down ?: return null
        val what = "${state.why.what()}; the next attempt is under way"
        return Failure(state.why.kind(), Delivery.NOT_SENT, what, state.why.cause())
    }

    /** The next request tries at once. */
    fun forgive() {
        down = null
    }

    override fun connected(dialect: String) {
        val before = down
        down = null
        if (before == null) {
            LOG.debug("{}: connected, {} dialect", server, dialect)
        } else {
            LOG.info("{}: back after {} failed attempts, {} dialect", server, before.failures, dialect)
        }
    }

    override fun ended(wasConnected: Boolean, failure: Failure) {
        when {
            failure.kind() == Failure.Kind.CLOSED -> Unit
            wasConnected -> LOG.info("{}: {}", server, failure.what())
            else -> attemptFailed(failure)
        }
    }

    @Synchronized
    private fun attemptFailed(failure: Failure) {
        val failures = (down?.failures ?: 0) + 1
        val wait = backoff.delayNanos(failures)
        down = Down(failures, clock.nanos() + wait, failure)
        if (failures == 1) {
            LOG.warn("{}: {}", server, failure.what())
        } else {
            LOG.debug("{}: attempt {}: {}", server, failures, failure.what())
        }
    }

    private companion object {
        val LOG = LoggerFactory.getLogger(NodeHealth::class.java)!!
    }
}
