package io.cachewire.oracle

import io.cachewire.Protocol
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.future.future
import me.tongfei.progressbar.ProgressBarBuilder
import picocli.CommandLine.Command
import picocli.CommandLine.Option
import java.nio.file.Path
import java.util.concurrent.Callable
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TimeSource

/** A long run of the oracle, and its figures. Ends with 1 when something was wrong. */
@Command(name = "soak", mixinStandardHelpOptions = true, description = ["Runs the oracle under random faults."])
internal class SoakCommand : Callable<Int> {
    @Option(names = ["--minutes"], description = ["How long; at least one round of each configuration."])
    private var minutes = 30.0

    @Option(names = ["--round-seconds"], description = ["How long one round lasts, 300 at most."])
    private var roundSeconds = 20

    @Option(names = ["--seed"], description = ["Makes the same rounds with the same faults again."])
    private var seed = System.nanoTime()

    @Option(names = ["--round-seed"], description = ["One round with the seed that a violation names, no soak."])
    private var roundSeed: Long? = null

    @Option(names = ["--connections"], split = ",", description = ["Only with so many connections."])
    private var connections: List<Int> = emptyList()

    @Option(names = ["--protocol"], split = ",", description = ["Only in these dialects."])
    private var protocols: List<Protocol> = emptyList()

    @Option(names = ["--wire"], split = ",", description = ["Only over TCP, UNIX or TLS."])
    private var wires: List<Wire> = emptyList()

    @Option(names = ["--servers"], split = ",", description = ["Only with so many servers, 1 or 3."])
    private var servers: List<Int> = emptyList()

    @Option(names = ["--faults"], description = ["ALL, NETWORK, SERVER or NONE."])
    private var faults = Faults.ALL

    @Option(names = ["--report"], description = ["Writes <report>.json and <report>.md."])
    private var report: Path? = null

    @Option(names = ["--page"], description = ["Puts the figures into this page too."])
    private var page: Path? = null

    internal enum class Faults { ALL, NETWORK, SERVER, NONE }

    override fun call(): Int {
        require(roundSeconds in 1..300) { "a round lasts 1 to 300 seconds: what the checks remember grows with it" }
        val rounds = Configuration.ALL.filter(::isWanted).map(::withFaults)
        require(rounds.isNotEmpty()) { "no configuration is like that" }
        roundSeed?.let { return replay(rounds, it) }
        println("soak seed ${seed}L, ${rounds.map { it.name }}")
        val done = soak(rounds)
        val summary = Summary(done, command())
        report?.let(summary::write)
        page?.let { writeSection(it, "soak", summary.markdown()) }
        println(summary.markdown())
        return if (done.violations.isEmpty()) 0 else 1
    }

    private fun soak(rounds: List<Configuration>): SoakReport {
        val begin = TimeSource.Monotonic.markNow()
        val bar =
            ProgressBarBuilder()
                .setTaskName("soak")
                .setInitialMax(minutes.minutes.inWholeSeconds)
                .setUpdateIntervalMillis(10_000)
                .build()
        return bar.use {
            val soak =
                Soak(rounds, seed, roundSeconds.seconds, told = { round ->
                    println(round)
                    bar.stepTo(begin.elapsedNow().inWholeSeconds)
                })
            wait { soak.run(minutes.minutes) }
        }
    }

    private fun replay(rounds: List<Configuration>, roundSeed: Long): Int {
        val reports = rounds.map { Round(it, roundSeed).let { round -> wait { round.run(roundSeconds.seconds) } } }
        reports.forEach(::println)
        return if (reports.all { it.violations.isEmpty() }) 0 else 1
    }

    private fun <T> wait(run: suspend () -> T): T = CoroutineScope(Dispatchers.Default).future { run() }.get()

    private fun isWanted(configuration: Configuration) =
        (connections.isEmpty() || configuration.connections in connections) &&
            (protocols.isEmpty() || configuration.protocol in protocols) &&
            (wires.isEmpty() || configuration.wire in wires) &&
            (servers.isEmpty() || configuration.servers in servers)

    private fun withFaults(of: Configuration) = of.copy(
        networkFaults = of.networkFaults.takeIf { faults == Faults.ALL || faults == Faults.NETWORK }.orEmpty(),
        serverFaults = of.serverFaults.takeIf { faults == Faults.ALL || faults == Faults.SERVER }.orEmpty(),
    )

    private fun command() =
        "soak --minutes ${minutes.toBigDecimal().stripTrailingZeros().toPlainString()} --seed $seed " +
            "--round-seconds $roundSeconds --faults $faults"
}
