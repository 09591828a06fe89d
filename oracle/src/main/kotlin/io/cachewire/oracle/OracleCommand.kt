package io.cachewire.oracle

import picocli.CommandLine
import picocli.CommandLine.Command
import kotlin.system.exitProcess

/** `java io.cachewire.oracle.OracleCommand soak` and `measure`. */
@Command(name = "oracle", mixinStandardHelpOptions = true, subcommands = [SoakCommand::class, MeasureCommand::class])
internal class OracleCommand {
    companion object {
        @JvmStatic
        fun main(args: Array<String>): Unit = exitProcess(CommandLine(OracleCommand()).execute(*args))
    }
}
