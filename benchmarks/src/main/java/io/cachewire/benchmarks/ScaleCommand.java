package io.cachewire.benchmarks;

import io.cachewire.AsyncMemcachedClient;
import io.cachewire.DataBlock;
import io.cachewire.ServerAddress;
import io.cachewire.benchmarks.client.Contestant;
import io.cachewire.benchmarks.client.Roster;
import io.cachewire.benchmarks.load.Cell;
import io.cachewire.benchmarks.load.Growth;
import io.cachewire.benchmarks.load.Item;
import io.cachewire.benchmarks.load.Items;
import io.cachewire.benchmarks.load.Workload;
import io.cachewire.benchmarks.load.Workload.Verb;
import io.cachewire.benchmarks.report.GrowthReport;
import io.cachewire.benchmarks.report.Machine;
import io.cachewire.benchmarks.report.TextReport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What a call of our client costs as callers, servers, connections and keys grow, each by itself. */
@Command(
        name = "scale",
        description = "Measures what a call costs as callers, servers, connections and keys grow.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        showDefaultValues = true)
final class ScaleCommand implements Callable<Integer> {
    private static final int VALUE_BYTES = 100;
    private static final int LOADED_AT_ONCE = 1000;

    @Option(
            names = "--callers",
            split = ",",
            defaultValue = "1,16,64,256,1000,10000",
            description = "numbers of callers")
    private List<Integer> callers = List.of();

    @Option(names = "--servers", split = ",", defaultValue = "1,2,4,8", description = "numbers of servers")
    private List<Integer> servers = List.of();

    @Option(names = "--connections", split = ",", defaultValue = "1,2,4", description = "connections to each server")
    private List<Integer> connections = List.of();

    @Option(
            names = "--keys",
            split = ",",
            defaultValue = "1024,16384,131072,1048576",
            description = "numbers of keys, powers of two")
    private List<Integer> keys = List.of();

    @Option(names = "--usual-callers", defaultValue = "64", description = "callers while something else grows")
    private int usualCallers;

    @Option(names = "--rounds", defaultValue = "5", description = "rounds of each point; the median counts")
    private int rounds;

    @Option(names = "--seconds", defaultValue = "0.5", description = "measured time of a round")
    private double seconds;

    @Option(names = "--out", description = "folder for table, CSV and plots", paramLabel = "<folder>")
    private @Nullable Path out;

    @Option(names = "--seed", description = "of values, keys and order", defaultValue = "1")
    private long seed;

    /** What is connected and loaded for one point. */
    private record Setting(Map<String, Contestant> clients, Items items, int callers) {}

    @Override
    public Integer call() throws Exception {
        Map<Growth, List<Integer>> plan = new LinkedHashMap<>();
        plan.put(Growth.CALLERS, callers);
        plan.put(Growth.SERVERS, servers);
        plan.put(Growth.CONNECTIONS, connections);
        plan.put(Growth.KEYS, keys);
        GrowthReport report = new GrowthReport();
        Machine machine = new Machine(LocalServer.version());
        int points = plan.values().stream().mapToInt(List::size).sum();
        try (ProgressBar bar = new ProgressBarBuilder()
                .setTaskName("rounds")
                .setInitialMax((rounds + 1L) * points)
                .build()) {
            for (Map.Entry<Growth, List<Integer>> entry : plan.entrySet()) {
                run(entry.getKey(), entry.getValue(), report, bar);
            }
        }
        TextReport.publish(machine, report.table(), out, "scale.txt");
        if (out != null) {
            report.write(out);
        }
        return 0;
    }

    private void run(Growth growth, List<Integer> counts, GrowthReport report, ProgressBar bar) throws Exception {
        List<LocalServer> started = new ArrayList<>();
        Map<Integer, Setting> settings = new LinkedHashMap<>();
        try {
            int most = growth == Growth.SERVERS ? Collections.max(counts) : 1;
            for (int i = 0; i < most; i++) {
                started.add(LocalServer.start());
            }
            for (int count : counts) {
                settings.put(count, connect(growth, count, started));
            }
            Random random = new Random(seed);
            // the first round warms up and does not count
            for (int round = -1; round < rounds; round++) {
                List<Integer> order = new ArrayList<>(counts);
                Collections.shuffle(order, random);
                for (int count : order) {
                    bar.step().setExtraMessage(growth.label() + " " + count);
                    measure(
                            growth,
                            count,
                            Objects.requireNonNull(settings.get(count)),
                            round < 0 ? new GrowthReport() : report);
                }
            }
        } finally {
            settings.values().forEach(setting -> setting.clients().values().forEach(Contestant::close));
            started.forEach(LocalServer::close);
        }
    }

    private Setting connect(Growth growth, int count, List<LocalServer> started) {
        List<ServerAddress> addresses = started.subList(0, growth == Growth.SERVERS ? count : 1).stream()
                .map(LocalServer::address)
                .toList();
        Items items = Items.single("itm:", VALUE_BYTES, growth == Growth.KEYS ? count : keys.get(0), seed);
        load(addresses, items);
        Map<String, Contestant> clients = Roster.ours(addresses, growth == Growth.CONNECTIONS ? count : 1);
        return new Setting(clients, items, growth == Growth.CALLERS ? count : usualCallers);
    }

    private void measure(Growth growth, int count, Setting setting, GrowthReport report) throws Exception {
        for (Verb verb : List.of(Verb.GET, Verb.SET)) {
            for (Map.Entry<String, Contestant> client : setting.clients().entrySet()) {
                Cell cell = new Cell(new Workload(verb, VALUE_BYTES, 1), setting.callers());
                report.add(
                        new Growth.Point(growth, count, client.getKey(), verb),
                        client.getValue().run(cell, setting.items(), Duration.ofMillis(Math.round(seconds * 1e3))));
            }
        }
    }

    private static void load(List<ServerAddress> addresses, Items items) {
        try (AsyncMemcachedClient client = AsyncMemcachedClient.builder()
                .servers(addresses)
                .requestTimeout(Duration.ofSeconds(5))
                .build()) {
            Map<String, DataBlock> some = new HashMap<>();
            for (int i = 0; i < items.count(); i++) {
                Item item = items.item(i);
                some.put(item.key(), item.block());
                if (some.size() == LOADED_AT_ONCE || i == items.count() - 1) {
                    if (!client.setAll(some).join().isEmpty()) {
                        throw new IllegalStateException("not all items were stored");
                    }
                    some.clear();
                }
            }
        }
    }
}
