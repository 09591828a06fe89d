package io.cachewire.oracle

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.future.future
import picocli.CommandLine.Command
import picocli.CommandLine.Option
import java.nio.file.Path
import java.util.concurrent.Callable
import kotlin.time.Duration.Companion.seconds

/** The figures that need no random faults: load held, leaks, overruns of time-outs, failing fast, memory, bad keys. */
@Command(
    name = "measure",
    mixinStandardHelpOptions = true,
    description = ["Measures load, leaks, time-outs, failing fast, memory and bad keys."],
)
internal class MeasureCommand : Callable<Int> {
    @Option(names = ["--cycles"], description = ["Connections to kill."])
    private var cycles = 1_000

    @Option(names = ["--timeouts"], description = ["Calls to let time out."])
    private var timeouts = 1_000_000L

    @Option(names = ["--pending"], description = ["Calls that wait when the server dies."])
    private var pending = 10_000

    @Option(names = ["--load-seconds"], description = ["How long each load lasts."])
    private var loadSeconds = 5.0

    @Option(names = ["--keys"], description = ["Illegal keys to try."])
    private var keys = 10_000_000L

    @Option(names = ["--seed"], description = ["Of the keys."])
    private var seed = 1L

    @Option(names = ["--page"], description = ["Puts the figures into this page too."])
    private var page: Path? = null

    override fun call(): Int {
        val text = table()
        page?.let { writeSection(it, "measure", text) }
        println(text)
        return 0
    }

    private fun table() = buildString {
        val scope = CoroutineScope(Dispatchers.Default)
        appendLine("| figure | value |\n|---|---|")
        appendLine("| machine | ${Summary.machine()} |")
        for (trouble in Trouble.entries) {
            for (callers in listOf(1, 64, 10_000)) {
                val load = scope.future { measureLoad(trouble, callers, loadSeconds.seconds) }.get()
                appendLine("| load, ${describe(load)} |")
            }
        }
        val leaks = scope.future { measureLeaks(cycles) }.get()
        appendLine("| before $cycles connect and kill cycles | ${leaks.before} |")
        appendLine("| after them | ${leaks.after} |")
        val fast = measureFailFast(pending)
        val took = fast.took.inWholeMilliseconds
        appendLine("| $pending calls pending, server dies | ${fast.failed} failed within $took ms |")
        val heap = listOf(fast.heapBefore, fast.heapPending, fast.heapAfter).joinToString { "${it / 1024} KiB" }
        appendLine("| heap before, pending, after | $heap |")
        val each = (fast.heapPending - fast.heapBefore) / pending
        appendLine("| heap for each pending call, its future included | $each bytes |")
        val late = scope.future { measureTimeouts(timeouts) }.get()
        appendLine("| overrun of ${late.overrun.totalCount} time-outs of 20 ms | ${Summary.times(late.overrun)} |")
        appendLine("| delay of a sleeping thread meanwhile | ${Summary.times(late.stalls)} |")
        val memory = HostileMemory.run()
        appendLine("| hostile servers and a bomb in a heap of 64 MiB | $memory |")
        val bad = measureBadKeys(keys, seed)
        appendLine("| illegal keys tried, refused; bytes sent meanwhile | ${bad.tried}, ${bad.refused}; ${bad.bytes} |")
        val counted = "${bad.sent}; ${bad.reads}, ${bad.others}"
        appendLine("| legal reads between parts of them; reads, other commands counted by the server | $counted |")
    }

    private fun describe(load: LoadFigures): String {
        val trouble =
            when (load.trouble) {
                Trouble.NONE -> "four servers"
                Trouble.DEAD -> "one of four killed"
                Trouble.STOPPED -> "one of four stopped"
            }
        val answered = "${load.perSecond(load.answered)} answered/s, ${Summary.percentiles(load.answered)}"
        val failed = "${load.perSecond(load.failed)} failed/s, ${Summary.percentiles(load.failed)}"
        return "$trouble, ${load.callers} callers | $answered" + if (load.failed.totalCount == 0L) "" else "; $failed"
    }
}
