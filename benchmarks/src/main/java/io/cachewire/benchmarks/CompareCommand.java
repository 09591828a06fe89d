package io.cachewire.benchmarks;

import io.cachewire.ServerAddress;
import io.cachewire.benchmarks.client.Entrant;
import io.cachewire.benchmarks.client.Roster;
import io.cachewire.benchmarks.load.Cell;
import io.cachewire.benchmarks.load.Scoreboard;
import io.cachewire.benchmarks.load.Workload;
import io.cachewire.benchmarks.report.TextTable;
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

    @Option(names = "--quick", description = "get, set and multi-get of 100 bytes in under two minutes")
    private boolean quick;

    @Option(names = "--only", description = "clients whose name has this pattern (variants too)", paramLabel = "<regex>")
    private @Nullable Pattern only;

    @Option(names = "--workloads", description = "workloads whose name has this pattern", paramLabel = "<regex>")
    private @Nullable Pattern workloads;

    @Option(names = "--callers", split = ",", description = "numbers of callers", defaultValue = "1,16,64,256")
    private List<Integer> callers = List.of();

    @Option(names = "--rounds", description = "rounds of each cell; the median counts (quick: 3)")
    private @Nullable Integer rounds;

    @Option(names = "--seconds", description = "measured time of a round (quick: 0.2)")
    private @Nullable Double seconds;

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
        int turns = rounds != null ? rounds : quick ? 3 : 7;
        double length = seconds != null ? seconds : quick ? 0.2 : 1;
        Tournament tournament =
                new Tournament(entrants, cells, turns, Duration.ofMillis(Math.round(length * 1e3)), seed);
        List<LocalServer> servers = new ArrayList<>();
        try (ProgressBar bar = new ProgressBarBuilder()
                .setInitialMax(tournament.size())
                .setTaskName("rounds")
                .build()) {
            for (int i = 0; i < MAX_SERVERS; i++) {
                servers.add(LocalServer.start());
            }
            List<ServerAddress> addresses =
                    servers.stream().map(LocalServer::address).toList();
            Scoreboard board = tournament.run(addresses, what -> bar.step().setExtraMessage(what));
            bar.close();
            System.out.print(TextTable.of(board));
        } finally {
            servers.forEach(LocalServer::close);
        }
        return 0;
    }

    private List<Cell> cells() {
        List<Workload> all = new ArrayList<>();
        all.add(new Workload(Workload.Verb.GET, 100, 1));
        all.add(new Workload(Workload.Verb.SET, 100, 1));
        all.add(new Workload(Workload.Verb.MIX, 100, 1));
        all.add(new Workload(Workload.Verb.GET_ALL, 100, 1));
        List<Cell> cells = new ArrayList<>();
        for (Workload workload : all) {
            if (workloads == null || workloads.matcher(workload.name()).find()) {
                callers.forEach(count -> cells.add(new Cell(workload, count)));
            }
        }
        return cells;
    }
}
