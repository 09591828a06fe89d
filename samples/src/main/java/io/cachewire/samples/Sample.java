package io.cachewire.samples;

import io.cachewire.MemcachedException;
import java.io.PrintStream;
import org.jspecify.annotations.Nullable;

/**
 * Runs a sample with its servers. A sample that fails ends the JVM with exit code 1 and the reason on the error stream; one that succeeds
 * just returns.
 */
final class Sample {
    static final String VARIABLE = "MEMCACHED_SERVERS";

    /** The main part of a sample. */
    @FunctionalInterface
    interface Program {
        void run(String[] servers, PrintStream out) throws Exception;
    }

    private Sample() {}

    static void run(Program program) {
        int status = run(program, System.getenv(VARIABLE), System.out, System.err);
        if (status != 0) {
            System.exit(status);
        }
    }

    /** The exit code. */
    static int run(Program program, @Nullable String list, PrintStream out, PrintStream err) {
        try (SampleServers servers = SampleServers.of(list)) {
            out.println("Servers: " + servers);
            program.run(servers.addresses(), out);
            return 0;
        } catch (MemcachedException e) {
            err.println("memcached: " + e.getMessage());
            for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
                err.println("  because of: " + cause.getMessage());
            }
            err.println("Check " + VARIABLE + " (host:port,host:port); without it the sample starts a server itself.");
        } catch (Exception e) {
            err.println("The sample failed: " + e);
        }
        return 1;
    }
}
