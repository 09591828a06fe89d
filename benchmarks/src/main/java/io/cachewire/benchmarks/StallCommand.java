package io.cachewire.benchmarks;

import io.cachewire.ServerAddress;
import io.cachewire.benchmarks.client.Contestant;
import io.cachewire.benchmarks.client.Entrant;
import io.cachewire.benchmarks.client.Roster;
import io.cachewire.benchmarks.load.Cell;
import io.cachewire.benchmarks.load.Figures;
import io.cachewire.benchmarks.load.Items;
import io.cachewire.benchmarks.load.Workload;
import io.cachewire.benchmarks.load.Workload.Verb;
import io.cachewire.benchmarks.report.Machine;
import io.cachewire.benchmarks.report.TextReport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** How long small reads wait while another caller of the same client moves large values without pause. */
@Command(
        name = "stall",
        description = "Measures small reads beside large values on the same client.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        showDefaultValues = true)
final class StallCommand implements Callable<Integer> {
    private static final int SMALL_BYTES = 100;
    private static final int LARGE_BYTES = 512 << 10;
    private static final int SMALL_KEYS = 1024;
    private static final int LARGE_KEYS = 32;
    private static final List<String> PEERS =
            List.of("folsom/await", "folsom/async-event-loop", "spymemcached/blocking", "xmemcached/blocking");

    @Option(names = "--callers", defaultValue = "4", description = "callers with small reads")
    private int callers;

    @Option(names = "--rounds", defaultValue = "3", description = "rounds; the median counts")
    private int rounds;

    @Option(names = "--seconds", defaultValue = "0.8", description = "measured time of a round")
    private double seconds;

    @Option(names = "--out", description = "folder for the table", paramLabel = "<folder>")
    private @Nullable Path out;

    @Option(names = "--seed", description = "of values, keys and order", defaultValue = "1")
    private long seed;

    /** What goes on beside the small reads. */
    private enum Beside {
        NOTHING,
        LARGE_READS,
        LARGE_WRITES
    }

    /** The small reads of a round, and how many large values were moved in a second meanwhile. */
    private record Outcome(Figures small, double large) {}

    @Override
    public Integer call() throws Exception {
        Machine machine = new Machine(LocalServer.version());
        Map<String, Contestant> clients = new LinkedHashMap<>();
        StringBuilder text = new StringBuilder();
        ExecutorService other = Executors.newSingleThreadExecutor();
        try (LocalServer server = LocalServer.start()) {
            connect(clients, List.of(server.address()));
            try {
                run(clients, other, text);
            } finally {
                clients.values().forEach(Contestant::close);
            }
        } finally {
            other.shutdown();
        }
        TextReport.publish(machine, text.toString(), out, "stall.txt");
        return 0;
    }

    private static void connect(Map<String, Contestant> clients, List<ServerAddress> servers) {
        for (int connections : List.of(1, 2)) {
            Roster.ours(servers, connections)
                    .forEach((style, client) -> clients.put("cachewire/" + style + ", " + connections, client));
        }
        for (Entrant entrant : Roster.entrants()) {
            if (PEERS.contains(entrant.getName())) {
                clients.put(entrant.getName(), entrant.connect(servers));
            }
        }
    }

    private void run(Map<String, Contestant> clients, ExecutorService other, StringBuilder text) throws Exception {
        Items small = Items.single("small:", SMALL_BYTES, SMALL_KEYS, seed);
        Items large = Items.single("large:", LARGE_BYTES, LARGE_KEYS, seed);
        for (Contestant client : clients.values()) {
            client.load(small);
            client.load(large);
        }
        Random random = new Random(seed);
        for (Beside beside : Beside.values()) {
            Map<String, List<Outcome>> outcomes = new LinkedHashMap<>();
            clients.keySet().forEach(name -> outcomes.put(name, new ArrayList<>()));
            // the first round warms up and does not count
            for (int round = -1; round < rounds; round++) {
                List<String> order = new ArrayList<>(clients.keySet());
                Collections.shuffle(order, random);
                for (String name : order) {
                    Outcome outcome = measure(Objects.requireNonNull(clients.get(name)), beside, small, large, other);
                    if (round >= 0) {
                        Objects.requireNonNull(outcomes.get(name)).add(outcome);
                    }
                }
            }
            report(beside, outcomes, text);
        }
    }

    private Outcome measure(Contestant client, Beside beside, Items small, Items large, ExecutorService other)
            throws Exception {
        Duration measured = Duration.ofMillis(Math.round(seconds * 1e3));
        Cell reads = new Cell(new Workload(Verb.GET, SMALL_BYTES, 1), callers);
        if (beside == Beside.NOTHING) {
            return new Outcome(client.run(reads, small, measured), 0);
        }
        Verb verb = beside == Beside.LARGE_READS ? Verb.GET : Verb.SET;
        Cell moves = new Cell(new Workload(verb, LARGE_BYTES, 1), 1);
        Future<Figures> moved = other.submit(() -> client.run(moves, large, measured));
        Figures figures = client.run(reads, small, measured);
        return new Outcome(figures, moved.get().perSecond());
    }

    private static void report(Beside beside, Map<String, List<Outcome>> outcomes, StringBuilder text) {
        text.append(String.format(
                Locale.ROOT,
                "%-28s %10s %9s %9s %9s %9s %9s%n",
                beside.name().toLowerCase(Locale.ROOT).replace('_', ' '),
                "small/s",
                "p50 µs",
                "p99 µs",
                "p99.9 µs",
                "max µs",
                "large/s"));
        outcomes.forEach((name, all) -> {
            Figures small = Figures.median(all.stream().map(Outcome::small).toList());
            double[] large = all.stream().mapToDouble(Outcome::large).sorted().toArray();
            text.append(String.format(
                    Locale.ROOT,
                    "  %-26s %10.0f %9.1f %9.1f %9.1f %9.1f %9.0f%n",
                    name,
                    small.perSecond(),
                    small.p50(),
                    small.p99(),
                    small.p999(),
                    small.longest(),
                    large[large.length / 2]));
        });
        text.append('\n');
    }
}
