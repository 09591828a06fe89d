package io.cachewire.internal.cluster

import io.cachewire.ServerAddress
import io.cachewire.internal.connection.Clock
import org.slf4j.LoggerFactory
import kotlin.time.Duration
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.nanoseconds

/**
 * The log of one server: a warning when it is lost, a line when it is back, attempts at debug. At most [MAX_LINES] lines a minute but for
 * debug, and two for requests that nobody waits for; how many were left out is told at the end of that minute. Whatever the server said is escaped in the failures already, and no
 * key or value comes here.
 *
 * @param later runs something after a time, or never when the client is closed before
 */
internal class NodeLog(
    private val server: ServerAddress,
    private val clock: Clock,
    private val later: (Duration, () -> Unit) -> Unit,
) {
    // guarded by this
    private var minuteBegan = 0L
    private var lines = 0
    private var leftOut = 0
    private var toldDeadAt = 0L
    private var quietFailures = 0L
    private var lastQuiet = ""

    /** A fire-and-forget request has failed: the first is told at once, how many more there were a minute later. */
    fun quiet(what: String) {
        val isFirst =
            synchronized(this) {
                lastQuiet = what
                quietFailures++
                quietFailures == 1L
            }
        if (!isFirst) return
        LOG.warn("{}: a fire-and-forget request has failed: {}", server, what)
        later(MINUTE, ::quietSummary)
    }

    private fun quietSummary() {
        val (count, last) =
            synchronized(this) {
                (quietFailures - 1 to lastQuiet).also { quietFailures = 0 }
            }
        if (count >
            0
        ) {
            LOG.warn("{}: {} fire-and-forget requests more in the last minute, the last: {}", server, count, last)
        }
    }

    fun lost(what: String) = limited { LOG.info("{}: {}", server, what) }

    fun dead(what: String) {
        synchronized(this) { toldDeadAt = clock.nanos() }
        limited { LOG.warn("{}: out of use: {}", server, what) }
    }

    /** The server is still dead, which is told once an hour. */
    fun stillDead(failures: Int, what: String) {
        val isDue =
            synchronized(this) {
                val now = clock.nanos()
                (now - toldDeadAt >= HOUR.inWholeNanoseconds).also { if (it) toldDeadAt = now }
            }
        if (isDue) LOG.warn("{}: still out of use after {} failures: {}", server, failures, what)
    }

    fun failing(what: String) = limited { LOG.warn("{}: {}", server, what) }

    fun back(dialect: String, failures: Int) =
        limited { LOG.info("{}: back after {} failures, {} dialect", server, failures, dialect) }

    fun attempt(failures: Int, what: String) = LOG.debug("{}: failure {}: {}", server, failures, what)

    fun connected(dialect: String) = LOG.debug("{}: connected, {} dialect", server, dialect)

    private inline fun limited(line: () -> Unit) {
        if (admit()) line()
    }

    @Synchronized
    private fun admit(): Boolean {
        val now = clock.nanos()
        if (lines == 0 || now - minuteBegan >= MINUTE.inWholeNanoseconds) {
            minuteBegan = now
            lines = 0
        }
        if (lines < MAX_LINES) {
            lines++
            return true
        }
        if (leftOut++ == 0) {
            later(MINUTE - (now - minuteBegan).nanoseconds, ::summary)
        }
        return false
    }

    private fun summary() {
        val count =
            synchronized(this) {
                val count = leftOut
                leftOut = 0
                count
            }
        LOG.info("{}: {} lines more in the last minute", server, count)
    }

    companion object {
        private val LOG = LoggerFactory.getLogger(Node::class.java)!!
        private val MINUTE = 1.minutes
        private val HOUR = 1.hours

        /** A server that comes and goes has said enough by then. */
        const val MAX_LINES = 10
    }
}
