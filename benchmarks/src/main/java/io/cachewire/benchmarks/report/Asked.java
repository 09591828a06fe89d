package io.cachewire.benchmarks.report;

import io.cachewire.benchmarks.load.Cell;
import io.cachewire.benchmarks.load.Scoreboard;
import io.cachewire.benchmarks.load.Workload;
import io.cachewire.benchmarks.load.Workload.Verb;
import io.cachewire.benchmarks.report.Demand.Measure;
import io.cachewire.benchmarks.report.Demand.Verdict;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** The ratios that are asked of our client, and how they stand. {@code docs/benchmarks.md} has the list in words. */
public final class Asked {
    private static final String SUSPEND = "cachewire/suspend";
    private static final String BLOCKING = "cachewire/blocking";
    private static final String VIRTUAL = "cachewire/blocking-virtual";
    private static final String ASYNC_POOL = "cachewire/async-pool";
    private static final String ASYNC_IO = "cachewire/async-io";

    private static final String PEERS_SUSPEND = "folsom/await.*";
    private static final String PEERS_BLOCKING = "(folsom|spymemcached|xmemcached)/blocking";
    private static final String PEERS_VIRTUAL = "(folsom|spymemcached|xmemcached)/blocking-virtual";
    private static final String PEERS_THREADS = "(spymemcached|xmemcached)/blocking";
    private static final String FOLSOM = "folsom/.*";
    private static final String FOLSOM_POOL = "folsom/async-pool";
    private static final String FOLSOM_LOOP = "folsom/async-event-loop";
    private static final String PEERS = "(folsom|spymemcached|xmemcached)/.*";
    private static final String SOCKET = "socket/blocking";
    private static final String LIMIT = "limit/c";

    private static final int SMALL = 1024;
    private static final int LARGE = 64 * 1024;
    private static final int MANY_THREADS = 64;
    private static final int MOST = 256;
    private static final String PEERS_OBJECTS = "(folsom|spymemcached|xmemcached)/blocking-java";
    private static final int SOME = 16;

    private static final List<Demand> DEMANDS = demands();

    private Asked() {}

    private static List<Demand> demands() {
        List<Demand> all = new ArrayList<>();
        Predicate<Cell> gets = small(EnumSet.of(Verb.GET));
        Predicate<Cell> sets = small(EnumSet.of(Verb.SET));
        Predicate<Cell> singles = small(EnumSet.of(Verb.GET, Verb.SET));
        Predicate<Cell> mixed = small(EnumSet.of(Verb.GET, Verb.SET, Verb.MIX));
        Predicate<Cell> alone = cell -> cell.callers() == 1;
        Predicate<Cell> many = cell -> cell.callers() >= SOME;

        for (String ours : List.of(SUSPEND, BLOCKING, ASYNC_IO)) {
            all.add(demand(1, singles.and(alone), ours, SOCKET, Measure.P50, 1.05));
        }
        faceToFace(all, 1, singles.and(alone), Measure.P50, 1);

        all.add(demand(2, mixed.and(many), SUSPEND, PEERS_SUSPEND, Measure.THROUGHPUT, 1.5));
        all.add(demand(2, mixed.and(many), SUSPEND, PEERS_THREADS, Measure.THROUGHPUT, 2));
        all.add(demand(2, gets.and(cell -> cell.callers() == MOST), SUSPEND, FOLSOM, Measure.THROUGHPUT, 3));
        all.add(demand(2, gets.and(many), ASYNC_IO, FOLSOM_LOOP, Measure.THROUGHPUT, 2));
        all.add(demand(2, sets.and(many), ASYNC_IO, FOLSOM_LOOP, Measure.THROUGHPUT, 1.05));

        all.add(demand(3, mixed.and(alone), BLOCKING, PEERS_BLOCKING, Measure.THROUGHPUT, 1.3));
        all.add(demand(3, mixed.and(many), BLOCKING, PEERS_BLOCKING, Measure.THROUGHPUT, 1.1));
        Predicate<Cell> manyThreads = cell -> cell.callers() >= MANY_THREADS;
        all.add(demand(3, mixed.and(manyThreads), VIRTUAL, PEERS_VIRTUAL, Measure.THROUGHPUT, 2));

        Predicate<Cell> batches = cell -> cell.workload().verb().isBatch();
        Predicate<Cell> large = cell -> cell.workload().valueBytes() >= LARGE;
        all.add(demand(4, batches, SUSPEND, PEERS, Measure.THROUGHPUT, 1.5));
        all.add(demand(4, large, SUSPEND, PEERS, Measure.THROUGHPUT, 1));

        for (Measure measure : List.of(Measure.CPU, Measure.BYTES)) {
            faceToFace(all, 5, cell -> true, measure, 1);
            for (String ours : List.of(BLOCKING + "-json", BLOCKING + "-java")) {
                all.add(demand(5, cell -> true, ours, PEERS_OBJECTS, measure, 1));
            }
        }

        all.add(demand(6, singles.and(alone), SUSPEND, LIMIT, Measure.THROUGHPUT, 1));
        all.add(demand(6, singles.and(cell -> cell.callers() == SOME), SUSPEND, LIMIT, Measure.THROUGHPUT, 0.65));
        all.add(demand(6, singles.and(manyThreads), SUSPEND, LIMIT, Measure.THROUGHPUT, 0.5));
        all.add(demand(6, singles.and(many), ASYNC_IO, LIMIT, Measure.THROUGHPUT, 0.7));
        return all;
    }

    private static void faceToFace(List<Demand> all, int item, Predicate<Cell> cells, Measure measure, double bound) {
        all.add(demand(item, cells, SUSPEND, PEERS_SUSPEND, measure, bound));
        all.add(demand(item, cells, BLOCKING, PEERS_BLOCKING, measure, bound));
        all.add(demand(item, cells, VIRTUAL, PEERS_VIRTUAL, measure, bound));
        all.add(demand(item, cells, ASYNC_POOL, FOLSOM_POOL, measure, bound));
        all.add(demand(item, cells, ASYNC_IO, FOLSOM_LOOP, measure, bound));
    }

    private static Demand demand(
            int item, Predicate<Cell> cells, String ours, String others, Measure measure, double bound) {
        return new Demand(item, cells, ours, Pattern.compile(others), measure, bound);
    }

    private static Predicate<Cell> small(Set<Verb> verbs) {
        return cell -> verbs.contains(cell.workload().verb())
                && cell.workload().valueBytes() < SMALL
                && cell.workload().form() == Workload.Form.BYTES;
    }

    /** How everything that was measured stands. */
    static List<Verdict> verdicts(Scoreboard board) {
        return DEMANDS.stream()
                .flatMap(demand -> demand.verdicts(board).stream())
                .toList();
    }

    /** The verdicts as text. */
    public static String table(Scoreboard board) {
        List<Verdict> verdicts = verdicts(board);
        StringBuilder text = new StringBuilder();
        text.append(String.format(
                Locale.ROOT,
                "%-5s %-20s %-27s %-8s %-28s %6s %7s%n",
                "asked",
                "cell",
                "ours",
                "figure",
                "best of the others",
                "ratio",
                "bound"));
        for (Verdict verdict : verdicts) {
            Demand demand = verdict.demand();
            text.append(String.format(
                    Locale.ROOT,
                    "%-5d %-20s %-27s %-8s %-28s %6.2f %s %5.2f %s%n",
                    demand.item(),
                    verdict.cell().name(),
                    demand.ours(),
                    demand.measure().label(),
                    verdict.other(),
                    verdict.ratio(),
                    demand.measure().isMoreBetter() ? "≥" : "≤",
                    demand.bound(),
                    verdict.isReached() ? "reached" : "NOT REACHED"));
        }
        long reached = verdicts.stream().filter(Verdict::isReached).count();
        return text.append(reached)
                .append(" of ")
                .append(verdicts.size())
                .append(" reached\n")
                .toString();
    }
}
