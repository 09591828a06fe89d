package io.cachewire.oracle

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.future.future
import picocli.CommandLine.Command
import picocli.CommandLine.Option
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

    override fun call(): Int {
        val scope = CoroutineScope(Dispatchers.Default)
        println("| figure | value |\n|---|---|")
        val leaks = scope.future { measureLeaks(cycles) }.get()
        println("| before $cycles connect and kill cycles | ${leaks.before} |")
        println("| after them | ${leaks.after} |")
        val fast = measureFailFast(pending)
        println("| $pending calls pending, server dies | ${fast.failed} failed within ${fast.took} |")
        println(
            "| heap before, pending, after | ${kib(
                fast.heapBefore,
            )}, ${kib(fast.heapPending)}, ${kib(fast.heapAfter)} |",
        )
        println("| bytes for each pending call | ${(fast.heapPending - fast.heapBefore) / pending} |")
        val late = scope.future { measureTimeouts(timeouts) }.get()
        println("| overrun of ${late.overrun.totalCount} time-outs of 20 ms | ${Summary.times(late.overrun)} |")
        println("| delay of a sleeping thread meanwhile | ${Summary.times(late.stalls)} |")
        return 0
    }

    private fun kib(bytes: Long) = "${bytes / 1024} KiB"
}
