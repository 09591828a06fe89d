package io.cachewire.oracle

import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.atomic.AtomicInteger
import kotlin.time.Duration
import kotlin.time.TimeSource

/** What must hold whatever happens. A miss is always allowed where nothing here says otherwise. */
internal enum class Invariant {
    /** A hit is whole, and of the key asked for. */
    OWN,

    /** It was written by a writer of that key, before the read ended. */
    REAL,

    /** It is not older than what had been acknowledged before the read began. */
    FRESH,

    /** A key that was never written is never there. */
    GHOST,

    /** After an acknowledged delete the key is gone. */
    DELETED,

    /** A counter has counted each acknowledged step, and no step twice. */
    COUNT,

    /** A log has each acknowledged token once, in order, and nothing else. */
    LOG,

    /** No two values replaced the same version. */
    CAS,

    /** One caller and no other is given the turn to fill an absent item. */
    LEASE,

    /** A call over many keys answers for those keys, each once. */
    MULTI,

    /** Every call ends in time, and the client works again soon after a fault. */
    LIVE,

    /** Nothing is left behind: permits, sockets, threads, memory. */
    CLEAN,

    /** An error is not a miss, and what is said of a write's delivery is true. */
    HONEST,

    /** An honest server is never found to break the protocol, and every failure has its type. */
    IN_STEP,
}

/** What was found to be wrong; [at] since the start of the round. */
internal class Violation(
    val invariant: Invariant,
    val key: String,
    val what: String,
    val at: Duration,
    /** The fault that was under way, or the last one. */
    val fault: String,
) {
    override fun toString() = "$invariant $key: $what (at $at, $fault)"
}

/** The violations of one round. Each is printed when it is found; the first one ends the round. Safe for threads. */
internal class Findings(
    private val round: String,
) {
    private val start = TimeSource.Monotonic.markNow()
    private val count = AtomicInteger()
    private val kept = ConcurrentLinkedQueue<Violation>()

    /** What the monkey does, or did last. */
    @Volatile
    var fault = "no fault yet"

    val isEmpty: Boolean get() = count.get() == 0

    fun report(invariant: Invariant, key: String, what: String) {
        val violation = Violation(invariant, key, what, now(), fault)
        if (count.incrementAndGet() <= MOST_KEPT) {
            kept.add(violation)
            println("VIOLATION $round: $violation")
        }
    }

    /** Time since the start of the round. */
    fun now(): Duration = start.elapsedNow()

    fun all(): List<Violation> = kept.toList()

    private companion object {
        const val MOST_KEPT = 50
    }
}

/**
 * The lives of a server's contents. A new one begins with every restart and flush; while the server is being emptied the number is odd. What
 * must be there or must agree holds within one life only.
 */
internal class Lives {
    @Volatile
    private var number = 0L

    fun now(): Long = number

    /** The monkey's thread alone calls these two. */
    fun interrupted() {
        if (number % 2 == 0L) number++
    }

    fun begun() {
        if (number % 2 == 1L) number++
    }

    /** True when the contents have not been lost since then. */
    fun isStill(life: Long): Boolean = life % 2 == 0L && number == life
}
