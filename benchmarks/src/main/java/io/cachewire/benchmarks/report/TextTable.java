package io.cachewire.benchmarks.report;

import io.cachewire.benchmarks.load.Cell;
import io.cachewire.benchmarks.load.Figures;
import io.cachewire.benchmarks.load.Scoreboard;
import java.util.Locale;

/** The figures as text, a block for each cell; the ratio is to our client's best style. */
public final class TextTable {
    private static final String OURS = "cachewire/";

    private TextTable() {}

    /** All cells. */
    public static String of(Scoreboard board) {
        StringBuilder text = new StringBuilder();
        for (Cell cell : board.cells()) {
            text.append(String.format(
                    Locale.ROOT,
                    "%-32s %10s %7s %9s %9s %9s %8s %8s%n",
                    cell.name(),
                    "calls/s",
                    "ratio",
                    "p50 µs",
                    "p99 µs",
                    "p99.9 µs",
                    "CPU µs",
                    "bytes"));
            double best = board.contestants(cell).stream()
                    .filter(name -> name.startsWith(OURS))
                    .mapToDouble(name -> perSecond(board, cell, name))
                    .max()
                    .orElse(Double.NaN);
            for (String name : board.contestants(cell).stream().sorted().toList()) {
                Figures row = board.median(cell, name).orElseThrow();
                text.append(String.format(
                        Locale.ROOT,
                        "%-32s %10.0f %7.2f %9.1f %9.1f %9.1f %8.2f %8.0f%n",
                        "  " + name,
                        row.perSecond(),
                        row.perSecond() / best,
                        row.p50(),
                        row.p99(),
                        row.p999(),
                        row.cpuMicros(),
                        row.bytes()));
            }
            board.failures(cell).forEach((name, why) -> text.append(String.format("  %-30s failed: %s%n", name, why)));
            text.append('\n');
        }
        return text.toString();
    }

    private static double perSecond(Scoreboard board, Cell cell, String name) {
        return board.median(cell, name).orElseThrow().perSecond();
    }
}
