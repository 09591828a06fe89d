package io.cachewire.oracle

import kotlin.random.Random
import kotlin.time.Duration
import kotlin.time.TimeSource

/** All rounds of a run together. */
internal class SoakReport(
    val seed: Long,
    val took: Duration,
    val rounds: List<RoundReport>,
    val atStart: Held,
    val atEnd: Held,
) {
    val tally = Tally().also { sum -> rounds.forEach { sum.add(it.tally) } }
    val violations get() = rounds.flatMap { report -> report.violations.map { report to it } }
}

/**
 * Round after round, each with a fresh server, client and model, so that what the checks remember does not grow with the time. The first
 * violation ends it.
 */
internal class Soak(
    private val configurations: List<Configuration>,
    private val seed: Long,
    private val roundLength: Duration,
    private val limits: Limits = Limits(),
    private val told: (RoundReport) -> Unit = {},
) {
    /** Goes on until a round ends after this time; at least once over all configurations. */
    suspend fun run(length: Duration): SoakReport {
        val begin = TimeSource.Monotonic.markNow()
        val seeds = Random(seed)
        val rounds = ArrayList<RoundReport>()
        var atStart = Held.now()
        while (rounds.size < configurations.size || begin.elapsedNow() < length) {
            val configuration = configurations[rounds.size % configurations.size]
            val report = Round(configuration, seeds.nextLong(Long.MAX_VALUE), limits).run(roundLength)
            rounds.add(report)
            told(report)
            // what classes and pools take once is no leak
            if (rounds.size == configurations.size) atStart = Held.now()
            if (report.violations.isNotEmpty()) break
        }
        return SoakReport(seed, begin.elapsedNow(), rounds, atStart, Held.now())
    }
}
