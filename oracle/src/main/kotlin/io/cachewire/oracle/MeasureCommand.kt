package io.cachewire.oracle

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.future.future
import picocli.CommandLine.Command
import picocli.CommandLine.Option
import java.nio.file.Path
import java.util.concurrent.Callable

/** The figures that need no random faults: leaks, overruns of time-outs, failing fast. */
@Command(
    name = "measure",
    mixinStandardHelpOptions = true,
    description = ["Measures leaks, time-outs and failing fast."],
)
internal class MeasureCommand : Callable<Int> {
    @Option(names = ["--cycles"], description = ["Connections to kill."])
    private var cycles = 1_000

    @Option(names = ["--timeouts"], description = ["Calls to let time out."])
    private var timeouts = 1_000_000L

    @Option(names = ["--pending"], description = ["Calls that wait when the server dies."])
    private var pending = 10_000

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
    }
}
