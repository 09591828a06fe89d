package io.cachewire.benchmarks;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The programs of this module. */
@Command(
        name = "benchmarks",
        description = "Measures the client and its peers.",
        mixinStandardHelpOptions = true,
        subcommands = {CompareCommand.class})
public final class Benchmarks {
    private Benchmarks() {}

    /** Runs the command named first. */
    public static void main(String[] arguments) {
        System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "error");
        // spymemcached logs by itself unless told otherwise
        System.setProperty("net.spy.log.LoggerImpl", "net.spy.memcached.compat.log.SLF4JLogger");
        System.exit(new CommandLine(new Benchmarks()).execute(arguments));
    }
}
