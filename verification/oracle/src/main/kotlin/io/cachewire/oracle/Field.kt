package io.cachewire.oracle

import java.util.concurrent.ScheduledThreadPoolExecutor
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/**
 * What a round does not forgive. The times that the client promises are shorter; a machine that has other work needs more until a thread runs,
 * so the promises are published as figures, and only what cannot be the machine's fault is a violation.
 */
internal class Limits(
    /** How much longer than its time-out a call may take. */
    val overrun: Duration = 5.seconds,
    /** The first success after a fault. */
    val recovery: Duration = 5.seconds,
)

/** What the callers of one round share. */
internal class Field(
    val round: Configuration,
    val run: String,
    val findings: Findings,
    val tally: Tally,
    val limits: Limits,
    val alarms: ScheduledThreadPoolExecutor,
) {
    val lives = Lives()
    val pace = Pace()
    val timeoutNanos = round.requestTimeout.inWholeNanoseconds
    val honestServer get() = round.honestServer

    @Volatile
    var stopped = false

    /** False when the load is to end: the time is over, or something is wrong. */
    val goesOn: Boolean get() = !stopped && findings.isEmpty

    /** The whole name of a key; no other run has it. */
    fun key(name: String) = "$run:$name"

    /** Checks that a hit is whole and of the key asked for; null after a report. */
    fun own(key: String, seen: Seen): Payload? {
        tally.hits.increment()
        val payload = seen.payload
        return when {
            payload == null -> null.also { findings.report(Invariant.OWN, key, "got ${seen.fault}") }

            payload.run != run || payload.key != key ->
                null.also { findings.report(Invariant.OWN, key, "got the value $payload of run ${payload.run}") }

            else -> payload
        }
    }
}
