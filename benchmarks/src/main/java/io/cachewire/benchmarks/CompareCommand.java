package io.cachewire.benchmarks;

import io.cachewire.ServerAddress;
import io.cachewire.benchmarks.client.Entrant;
import io.cachewire.benchmarks.client.Roster;
import io.cachewire.benchmarks.load.Cell;
import io.cachewire.benchmarks.load.Scoreboard;
import io.cachewire.benchmarks.load.Workload;
import io.cachewire.benchmarks.load.Workload.Form;
import io.cachewire.benchmarks.load.Workload.Verb;
import io.cachewire.benchmarks.report.Asked;
import io.cachewire.benchmarks.report.CsvFile;
import io.cachewire.benchmarks.report.JsonFile;
import io.cachewire.benchmarks.report.Machine;
import io.cachewire.benchmarks.report.Plots;
import io.cachewire.benchmarks.report.TextReport;
import io.cachewire.benchmarks.report.TextTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs our client and its peers against a memcached of this machine, side by side. */
@Command(
        name = "compare",
        description = "Compares clients on a local memcached.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        showDefaultValues = true)
final class CompareCommand implements Callable<Integer> {
    private static final int MAX_SERVERS = 3;
    private static final int SMALL_BYTES = 100;
    /** More would measure nothing but memory where each call moves many kilobytes. */
    private static final int FEW_CALLERS = 16;

    private static final List<Workload> FULL = full();
    private static final List<Workload> QUICK = List.of(
            new Workload(Verb.GET, SMALL_BYTES, 1),
            new Workload(Verb.SET, SMALL_BYTES, 1),
            new Workload(Verb.GET_ALL, SMALL_BYTES, 1));

    @Option(names = "--quick", description = "get, set and multi-get of 100 bytes in under two minutes")
    private boolean quick;

    @Option(
            names = "--only",
            description = "clients whose name has this pattern (variants too)",
            paramLabel = "<regex>")
    private @Nullable Pattern only;

    @Option(names = "--workloads", description = "workloads whose name has this pattern", paramLabel = "<regex>")
    private @Nullable Pattern workloads;

    @Option(names = "--callers", split = ",", description = "numbers of callers", defaultValue = "1,16,64,256")
    private List<Integer> callers = List.of();

    @Option(names = "--rounds", description = "rounds of each cell; the median counts (quick: 2)")
    private @Nullable Integer rounds;

    @Option(names = "--seconds", description = "measured time of a round (quick: 0.25)")
    private @Nullable Double seconds;

    @Option(names = "--out", description = "folder for table, JSON, CSV and plots", paramLabel = "<folder>")
    private @Nullable Path out;

    @Option(names = "--seed", description = "of values, keys and order", defaultValue = "1")
    private long seed;

    @Override
    public Integer call() throws Exception {
        List<Entrant> entrants = Roster.entrants().stream()
                .filter(entrant -> only == null
                        ? entrant.isDefault()
                        : only.matcher(entrant.getName()).find())
                .toList();
        List<Cell> cells = cells();
        int turns = rounds != null ? rounds : quick ? 2 : 7;
        double length = seconds != null ? seconds : quick ? 0.25 : 1;
        Tournament tournament =
                new Tournament(entrants, cells, turns, Duration.ofMillis(Math.round(length * 1e3)), seed);
        Machine machine = new Machine(LocalServer.version());
        Scoreboard board = run(tournament);
        report(board, machine);
        return 0;
    }

    private static Scoreboard run(Tournament tournament) throws Exception {
        List<LocalServer> servers = new ArrayList<>();
        try (ProgressBar bar = new ProgressBarBuilder()
                .setTaskName("rounds")
                .setInitialMax(tournament.size())
                .build()) {
            for (int i = 0; i < MAX_SERVERS; i++) {
                servers.add(LocalServer.start());
            }
            List<ServerAddress> addresses =
                    servers.stream().map(LocalServer::address).toList();
            return tournament.run(addresses, what -> bar.step().setExtraMessage(what));
        } finally {
            servers.forEach(LocalServer::close);
        }
    }

    private void report(Scoreboard board, Machine machine) throws IOException {
        TextReport.publish(machine, TextTable.of(board) + Asked.table(board), out, "table.txt");
        if (out != null) {
            Files.writeString(out.resolve("figures.json"), JsonFile.of(board, machine));
            Files.writeString(out.resolve("rounds.csv"), CsvFile.of(board));
            Plots.write(board, out);
        }
    }

    private List<Cell> cells() {
        List<Cell> cells = new ArrayList<>();
        for (Workload workload : quick ? QUICK : FULL) {
            if (workloads == null || workloads.matcher(workload.name()).find()) {
                boolean few = workload.verb().isBatch() || workload.valueBytes() > SMALL_BYTES;
                callers.stream()
                        .filter(count -> !few || count <= FEW_CALLERS)
                        .forEach(count -> cells.add(new Cell(workload, count)));
            }
        }
        return cells;
    }

    private static List<Workload> full() {
        List<Workload> all = new ArrayList<>();
        for (Verb verb : List.of(Verb.GET, Verb.SET, Verb.MIX)) {
            all.add(new Workload(verb, SMALL_BYTES, 1));
        }
        for (int servers : List.of(1, MAX_SERVERS)) {
            all.add(new Workload(Verb.GET_ALL, SMALL_BYTES, servers));
            all.add(new Workload(Verb.SET_ALL, SMALL_BYTES, servers));
        }
        for (int kibibytes : List.of(4, 64, 512)) {
            all.add(new Workload(Verb.GET, kibibytes << 10, 1));
            all.add(new Workload(Verb.SET, kibibytes << 10, 1));
        }
        all.add(new Workload(Verb.GET, SMALL_BYTES, 1, Form.OBJECTS));
        all.add(new Workload(Verb.SET, SMALL_BYTES, 1, Form.OBJECTS));
        return List.copyOf(all);
    }
}
