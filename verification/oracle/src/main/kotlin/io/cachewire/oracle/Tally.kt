package io.cachewire.oracle

import org.HdrHistogram.ConcurrentHistogram
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.atomic.LongAdder

/** What happened in one round or over several. Safe for threads; times in microseconds. */
internal class Tally {
    /** Calls that were made. */
    val calls = LongAdder()

    /** Answers that were held against the model: hits, misses, acknowledged writes; of a call over many keys, each. */
    val checked = LongAdder()
    val hits = LongAdder()

    /** Calls that their caller cancelled: a coroutine, a future, an interrupted thread, or a time limit around the call. */
    val cancels = LongAdder()
    val timeouts = LongAdder()

    /** Calls that failed because a connection was lost, had not come about, or was full. */
    val lost = LongAdder()
    val notSent = LongAdder()
    val serverErrors = LongAdder()
    val protocolErrors = LongAdder()
    val connections = LongAdder()
    val faults = ConcurrentHashMap<String, LongAdder>()

    /** How long calls took that ended by themselves. */
    val took = ConcurrentHistogram(2)

    /** How much longer than its time-out a call took that timed out. */
    val overrun = ConcurrentHistogram(2)

    /** How late a thread that only sleeps wakes up: what the machine adds to every other figure. */
    val stalls = ConcurrentHistogram(2)

    /** From the end of a fault to the end of the first call that succeeds, by kind. */
    val recovery = ConcurrentHashMap<String, ConcurrentHistogram>()

    fun struck(fault: String) = faults.computeIfAbsent(fault) { LongAdder() }.increment()

    fun recovered(fault: String, nanos: Long) =
        recovery.computeIfAbsent(fault) { ConcurrentHistogram(2) }.recordValue(nanos / 1000)

    fun faults(): Long = faults.values.sumOf { it.sum() }

    fun add(other: Tally) {
        calls.add(other.calls.sum())
        checked.add(other.checked.sum())
        hits.add(other.hits.sum())
        cancels.add(other.cancels.sum())
        timeouts.add(other.timeouts.sum())
        lost.add(other.lost.sum())
        notSent.add(other.notSent.sum())
        serverErrors.add(other.serverErrors.sum())
        protocolErrors.add(other.protocolErrors.sum())
        connections.add(other.connections.sum())
        other.faults.forEach { (fault, count) -> faults.computeIfAbsent(fault) { LongAdder() }.add(count.sum()) }
        took.add(other.took)
        overrun.add(other.overrun)
        stalls.add(other.stalls)
        other.recovery.forEach { (fault, times) ->
            recovery.computeIfAbsent(fault) { ConcurrentHistogram(2) }.add(times)
        }
    }
}
