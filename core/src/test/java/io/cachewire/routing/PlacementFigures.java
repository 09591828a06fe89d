package io.cachewire.routing;

import io.cachewire.DataBlock;
import io.cachewire.ServerAddress;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Prints the figures of docs/routing.md: rows that agree with each client, how evenly each rule spreads 100 000 keys
 * over ten equal servers, and how many of them move when one is removed or one is added. Run its {@code main} on the
 * test class path.
 */
final class PlacementFigures {
    private static final int KEYS = 100_000;
    private static final int SERVERS = 10;
    private static final int REMOVED = 4;

    private PlacementFigures() {}

    public static void main(String[] args) {
        printAgreement(System.out);
        printSpread(System.out);
    }

    /** For each rule and file: rows that agree of rows recorded. */
    private static void printAgreement(PrintStream out) {
        Map<String, Map<String, int[]>> agreement = new TreeMap<>();
        for (String file : PlacementVectorsTest.FILES) {
            for (InteropVectors.Row row : InteropVectors.rows(file)) {
                String rule = row.client() + " | " + RecordedSetup.of(row).rule();
                int[] rows = agreement
                        .computeIfAbsent(rule, r -> new LinkedHashMap<>())
                        .computeIfAbsent(file.replace(".json", ""), f -> new int[2]);
                rows[1]++;
                try {
                    PlacementVectorsTest.check(row);
                    rows[0]++;
                } catch (AssertionError e) {
                    out.println(row.name() + " differs");
                }
            }
        }
        agreement.forEach((rule, files) -> {
            StringJoiner line = new StringJoiner(", ", "| " + rule + " | ", " |");
            files.forEach((file, rows) -> line.add(file + " " + rows[0] + "/" + rows[1]));
            out.println(line);
        });
    }

    private static void printSpread(PrintStream out) {
        Map<String, LocatorFactory> rules = new LinkedHashMap<>();
        for (RoutingPreset preset : RoutingPreset.values()) {
            rules.put("`" + preset + "`", preset);
        }
        rules.put("`CacheMemcachedFastLocator.ketama(150)`", CacheMemcachedFastLocator.ketama(150));
        rules.put("`EnyimLocator.ketamaSha1()`", EnyimLocator.ketamaSha1());
        rules.put("`KetamaLocator.unweighted(MD5)`", KetamaLocator.unweighted(LibmemcachedHash.MD5));
        out.println("| rule | fewest | most | deviation | moved, fifth of ten removed | moved, eleventh added |");
        out.println("|---|---|---|---|---|---|");
        rules.forEach((name, rule) -> out.println(line(name, rule)));
    }

    private static String line(String name, LocatorFactory rule) {
        List<ServerAddress> ten = servers(SERVERS);
        int[] before = places(rule.build(ten));
        int[] counts = new int[SERVERS];
        for (int place : before) {
            counts[place]++;
        }
        double fair = (double) KEYS / SERVERS;
        double squares =
                IntStream.of(counts).mapToDouble(c -> (c - fair) * (c - fair)).sum();
        List<ServerAddress> nine = new ArrayList<>(ten);
        nine.remove(REMOVED);
        int[] less = places(rule.build(nine));
        int[] more = places(rule.build(servers(SERVERS + 1)));
        int movedByRemoval = 0;
        int movedByAddition = 0;
        for (int i = 0; i < KEYS; i++) {
            movedByRemoval += (less[i] < REMOVED ? less[i] : less[i] + 1) == before[i] ? 0 : 1;
            movedByAddition += more[i] == before[i] ? 0 : 1;
        }
        return String.format(
                Locale.ROOT,
                "| %s | %.2f | %.2f | %.1f %% | %.1f %% | %.1f %% |",
                name,
                Arrays.stream(counts).min().orElseThrow() / fair,
                Arrays.stream(counts).max().orElseThrow() / fair,
                100 * Math.sqrt(squares / SERVERS) / fair,
                100.0 * movedByRemoval / KEYS,
                100.0 * movedByAddition / KEYS);
    }

    private static List<ServerAddress> servers(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new ServerAddress("10.20.30." + (40 + i), 11211))
                .toList();
    }

    private static int[] places(NodeLocator locator) {
        return IntStream.range(0, KEYS)
                .map(i -> locator.locate(DataBlock.ofUtf8("user:" + i)))
                .toArray();
    }
}
