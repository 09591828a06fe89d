package io.cachewire.oracle

import kotlin.random.Random
import kotlin.time.Duration
import kotlin.time.TimeSource

/** All rounds of a run together. */
internal class SoakReport(
    val seed: Long,
    val atStart: Held,
    val names: List<String>,
) {
    val tally = Tally()
    val violations = ArrayList<String>()
    var rounds = 0
        private set
    var took = Duration.ZERO
        private set
    lateinit var atEnd: Held
        private set

    /** Takes in the figures; the report itself is let go. */
    fun add(round: RoundReport) {
        rounds++
        tally.add(round.tally)
        round.violations.forEach { violations.add("${round.configuration.name} seed ${round.seed}L: $it") }
    }

    fun end(after: Duration) {
        took = after
        atEnd = Held.now()
    }
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
    private val seeds = Random(seed)

    /** Goes on until a round ends after this time; at least once over all configurations. */
    suspend fun run(length: Duration): SoakReport {
        // what classes and pools take once is no leak
        Round(configurations.first(), seeds.nextLong(Long.MAX_VALUE), limits).run(roundLength / 4)
        val report = SoakReport(seed, Held.now(), configurations.map { it.name })
        val begin = TimeSource.Monotonic.markNow()
        while (report.violations.isEmpty() && (report.rounds < configurations.size || begin.elapsedNow() < length)) {
            val configuration = configurations[report.rounds % configurations.size]
            val round = Round(configuration, seeds.nextLong(Long.MAX_VALUE), limits).run(roundLength)
            report.add(round)
            told(round)
        }
        report.end(begin.elapsedNow())
        return report
    }
}
