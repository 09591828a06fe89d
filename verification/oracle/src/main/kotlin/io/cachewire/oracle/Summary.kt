package io.cachewire.oracle

import com.fasterxml.jackson.databind.ObjectMapper
import org.HdrHistogram.AbstractHistogram
import java.nio.file.Files
import java.nio.file.Path
import kotlin.time.DurationUnit

/** The figures of a soak, for people and for programs. */
internal class Summary(
    private val soak: SoakReport,
    private val arguments: String,
) {
    private val tally = soak.tally
    private val seconds = soak.took.toDouble(DurationUnit.SECONDS)

    fun write(path: Path) {
        Files.writeString(path.resolveSibling("${path.fileName}.md"), markdown())
        ObjectMapper().writerWithDefaultPrettyPrinter()
            .writeValue(path.resolveSibling("${path.fileName}.json").toFile(), figures())
    }

    private fun figures(): Map<String, Any> = linkedMapOf(
        "arguments" to arguments,
        "seed" to soak.seed,
        "machine" to machine(),
        "seconds" to seconds,
        "rounds" to soak.rounds,
        "calls" to tally.calls.sum(),
        "callsPerSecond" to (tally.calls.sum() / seconds).toLong(),
        "answersChecked" to tally.checked.sum(),
        "hitsChecked" to tally.hits.sum(),
        "violations" to soak.violations,
        "cancels" to tally.cancels.sum(),
        "timeouts" to tally.timeouts.sum(),
        "lostConnectionFailures" to tally.lost.sum(),
        "notSentFailures" to tally.notSent.sum(),
        "serverErrors" to tally.serverErrors.sum(),
        "connections" to tally.connections.sum(),
        "faults" to tally.faults.toSortedMap().mapValues { it.value.sum() },
        "callMicros" to quantiles(tally.took),
        "timeoutOverrunMicros" to quantiles(tally.overrun),
        "machineStallMicros" to quantiles(tally.stalls),
        "recoveryMicros" to tally.recovery.toSortedMap().mapValues { quantiles(it.value) },
        "atStart" to held(soak.atStart),
        "atEnd" to held(soak.atEnd),
    )

    private fun quantiles(of: AbstractHistogram) = linkedMapOf(
        "count" to of.totalCount,
        "p50" to of.getValueAtPercentile(50.0),
        "p99" to of.getValueAtPercentile(99.0),
        "max" to of.maxValue,
    )

    private fun held(held: Held) = linkedMapOf(
        "sockets" to held.sockets,
        "threads" to held.threads,
        "clientObjects" to held.clientObjects,
        "coroutineObjects" to held.coroutineObjects,
        "heapBytes" to held.heap,
    )

    fun markdown(): String = buildString {
        appendLine("| figure | value |")
        appendLine("|---|---|")
        row("arguments", "`$arguments`")
        row("machine", machine())
        row("time, rounds", "${soak.took.inWholeSeconds} s, ${soak.rounds} over ${configurations()}")
        row(
            "wrong values",
            "${soak.violations.size} of ${tally.checked.sum()} answers checked (${tally.hits.sum()} hits)",
        )
        row(
            "calls",
            "${tally.calls.sum()}, ${(tally.calls.sum() / seconds).toLong()} per second over all, faults included",
        )
        row("cancels", tally.cancels.sum().toString())
        row("timeouts", tally.timeouts.sum().toString())
        row(
            "failed for want of a connection",
            "${tally.lost.sum()}, of all failures ${tally.notSent.sum()} surely not sent",
        )
        row(
            "faults",
            tally.faults.toSortedMap().entries.joinToString { "${it.key} ${it.value.sum()}" } +
                "; in all ${tally.faults()}",
        )
        row("connections made", tally.connections.sum().toString())
        row("duration of a call that was answered", times(tally.took))
        row("overrun of a time-out", times(tally.overrun))
        row("delay of a sleeping thread on the same machine", times(tally.stalls))
        tally.recovery.toSortedMap().forEach { (fault, histogram) -> row("recovery after $fault", times(histogram)) }
        row("at the start, after a warm-up", soak.atStart.toString())
        row("at the end", soak.atEnd.toString())
        soak.violations.forEach { row("VIOLATION", it) }
    }

    private fun StringBuilder.row(name: String, value: String) = appendLine("| $name | ${value.replace("|", "\\|")} |")

    private fun configurations() = soak.names.joinToString()

    companion object {
        fun machine() = "${Runtime.getRuntime().availableProcessors()} cores, ${System.getProperty("os.name")} " +
            "${System.getProperty("os.arch")}, JDK ${Runtime.version()}, ${memcached()}"

        private fun memcached(): String =
            ProcessBuilder("memcached", "--version").start().inputStream.bufferedReader().use { it.readText().trim() }

        /** A histogram of microseconds in words. */
        fun times(of: AbstractHistogram) =
            "p50 ${millis(of.getValueAtPercentile(50.0))}, p99 ${millis(of.getValueAtPercentile(99.0))}, " +
                "max ${millis(of.maxValue)} ms of ${of.totalCount}"

        /** The same without its size, and with the last of a thousand. */
        fun percentiles(of: AbstractHistogram) = listOf("p50" to 50.0, "p99" to 99.0, "p99.9" to 99.9)
            .joinToString(postfix = " ms") { (name, share) -> "$name ${millis(of.getValueAtPercentile(share))}" }

        private fun millis(micros: Long) = "%.1f".format(micros / 1000.0)
    }
}
