package io.cachewire.benchmarks;

import java.io.IOException;
import java.util.Arrays;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The programs of this module. */
@Command(
        name = "benchmarks",
        description =
                "Measures the client and its peers. jmh, with JMH's own options behind it, runs the micro-benchmarks.",
        mixinStandardHelpOptions = true,
        subcommands = {
            CompareCommand.class,
            ScaleCommand.class,
            StallCommand.class,
            NeighbourCommand.class,
            IdleCommand.class,
            TlsCommand.class
        })
public final class Benchmarks {
    private Benchmarks() {}

    /** Runs the command named first. */
    public static void main(String[] arguments) throws IOException {
        System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "error");
        // spymemcached logs by itself unless told otherwise
        System.setProperty("net.spy.log.LoggerImpl", "net.spy.memcached.compat.log.SLF4JLogger");
        if (arguments.length > 0 && arguments[0].equals("jmh")) {
            // its options are its own
            org.openjdk.jmh.Main.main(Arrays.copyOfRange(arguments, 1, arguments.length));
            return;
        }
        System.exit(new CommandLine(new Benchmarks()).execute(arguments));
    }
}
