package io.cachewire.oracle

import io.cachewire.oracle.peers.PeersCommand
import picocli.CommandLine
import picocli.CommandLine.Command
import kotlin.system.exitProcess

/** `java io.cachewire.oracle.OracleCommand` with `soak`, `measure` or `peers`. */
@Command(
    name = "oracle",
    mixinStandardHelpOptions = true,
    subcommands = [SoakCommand::class, MeasureCommand::class, PeersCommand::class],
)
internal class OracleCommand {
    companion object {
        @JvmStatic
        fun main(args: Array<String>): Unit = exitProcess(CommandLine(OracleCommand()).execute(*args))
    }
}
