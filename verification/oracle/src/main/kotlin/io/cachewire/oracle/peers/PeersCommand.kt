package io.cachewire.oracle.peers

import io.cachewire.oracle.writeSection
import me.tongfei.progressbar.ProgressBar
import picocli.CommandLine.Command
import picocli.CommandLine.Option
import java.nio.file.Path
import java.util.concurrent.Callable
import java.util.concurrent.CompletableFuture
import java.util.concurrent.ExecutionException
import java.util.concurrent.TimeUnit
import java.util.concurrent.TimeoutException

/** The same faults for our client and for its peers. */
@Command(
    name = "peers",
    mixinStandardHelpOptions = true,
    description = ["Plays rows of the table of faults to other clients too, and tells which pass."],
)
internal class PeersCommand : Callable<Int> {
    @Option(names = ["--only"], description = ["Only rows whose name has this pattern."])
    private var only: String = ""

    @Option(names = ["--page"], description = ["Puts the table into this page too."])
    private var page: Path? = null

    @Option(names = ["--times"], description = ["How often each row is played, 1 to 1000; once when not given."])
    private var times: Int = 1

    override fun call(): Int {
        require(times in 1..1000) { "a row is played 1 to 1000 times" }
        // the peers tell each lost connection with its stack, by loggers of their own
        System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "off")
        System.setProperty("net.spy.log.LoggerImpl", "net.spy.memcached.compat.log.SLF4JLogger")
        val scenarios = SCENARIOS.filter { Regex(only).containsMatchIn(it.row) }
        val text = table(scenarios, play(scenarios))
        page?.let { writeSection(it, "peers", text) }
        println(text)
        return 0
    }

    /** What was wrong, each time that a row was not passed. */
    private fun play(scenarios: List<Scenario>): Map<Pair<Scenario, Contestant>, List<String>> {
        val faults = LinkedHashMap<Pair<Scenario, Contestant>, List<String>>()
        ProgressBar("rows", scenarios.size.toLong() * CONTESTANTS.size * times).use { bar ->
            for (scenario in scenarios) {
                for (contestant in CONTESTANTS) {
                    faults[scenario to contestant] =
                        List(times) { verdict(scenario, contestant).also { bar.step() } }.filterNotNull()
                }
            }
        }
        return faults
    }

    private fun table(scenarios: List<Scenario>, faults: Map<Pair<Scenario, Contestant>, List<String>>) = buildString {
        appendLine(CONTESTANTS.joinToString(" | ", "| row | passed when | ", " |") { it.name })
        appendLine("|---|---|" + "---|".repeat(CONTESTANTS.size))
        for (scenario in scenarios) {
            val cells = CONTESTANTS.map { cell(faults.getValue(scenario to it)) }
            appendLine(cells.joinToString(" | ", "| ${scenario.row} | ${scenario.passes} | ", " |"))
        }
        val passed = CONTESTANTS.map { contestant -> scenarios.count { faults.getValue(it to contestant).isEmpty() } }
        appendLine(passed.joinToString(" | ", "| | rows passed | ", " |") { "$it of ${scenarios.size}" })
    }

    private fun cell(faults: List<String>): String {
        if (faults.isEmpty()) return "passed"
        val often = if (times > 1) " ${faults.size} of $times times" else ""
        return "**not passed**$often: " + faults.first().replace(Regex("[|\\p{Cntrl}]"), " ").take(Trial.LONGEST)
    }
}

private const val LONGEST_SECONDS = 60L

/** Null when the row is passed, else what was wrong. Never waits longer than a minute. */
internal fun verdict(scenario: Scenario, contestant: Contestant): String? {
    val trial = Trial(contestant)
    val played = CompletableFuture<String?>()
    Thread { played.complete(outcome(scenario, trial)) }.also { it.isDaemon = true }.start()
    return try {
        played.get(LONGEST_SECONDS, TimeUnit.SECONDS)
    } catch (_: TimeoutException) {
        "hung for more than $LONGEST_SECONDS s"
    } catch (e: ExecutionException) {
        throw e.cause ?: e
    } finally {
        trial.close()
    }
}

private fun outcome(scenario: Scenario, trial: Trial): String? = try {
    scenario.play(trial)
    null
} catch (e: NotPassed) {
    e.message
} catch (e: Throwable) {
    "$e"
}
