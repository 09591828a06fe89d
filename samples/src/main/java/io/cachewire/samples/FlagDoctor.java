package io.cachewire.samples;

import io.cachewire.MemcachedException;
import io.cachewire.ServerAddress;
import io.cachewire.samples.doctor.Diagnosis;
import java.io.PrintStream;

/**
 * Tells which clients have written what is on the servers, by key prefix: flags, formats, the presets of {@code Interop} that
 * read them, and what none reads. Needs memcached 1.6 with {@code lru_crawler}; the embedded server does not list its keys.
 */
public final class FlagDoctor {
    private static final int SAMPLE = 10_000;

    private FlagDoctor() {}

    public static void main(String[] args) {
        String named = args.length > 0 ? String.join(",", args) : System.getenv("MEMCACHED_SERVERS");
        if (named == null || named.isBlank()) {
            System.err.println("name the servers: MEMCACHED_SERVERS=host:port,host:port");
            System.exit(2);
        }
        if (!run(named.split(","), System.out)) {
            System.exit(1);
        }
    }

    /** False when a server could not be examined; the others are all the same. */
    static boolean run(String[] servers, PrintStream out) {
        boolean all = true;
        for (String server : servers) {
            try {
                Diagnosis.of(ServerAddress.parse(server.trim()), SAMPLE).lines().forEach(out::println);
            } catch (MemcachedException e) {
                out.println(server + ": " + e.getMessage());
                all = false;
            }
            out.println();
        }
        return all;
    }
}
