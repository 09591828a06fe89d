package io.cachewire.benchmarks.report;

import io.cachewire.benchmarks.load.Cell;
import io.cachewire.benchmarks.load.Figures;
import io.cachewire.benchmarks.load.Scoreboard;
import java.util.List;
import java.util.Locale;

/** Every round of a run as a line of comma-separated values; a figure that a contestant cannot tell is empty. */
public final class CsvFile {
    private static final String HEAD =
            "workload,value_bytes,servers,callers,client,round,per_second,p50_us,p99_us,p999_us,cpu_us,bytes,"
                    + "compile_ms,gc_ms\n";

    private CsvFile() {}

    /** The text of the file. */
    public static String of(Scoreboard board) {
        StringBuilder text = new StringBuilder(HEAD);
        for (Cell cell : board.cells()) {
            for (String name : board.contestants(cell)) {
                List<Figures> rounds = board.rounds(cell, name);
                for (int i = 0; i < rounds.size(); i++) {
                    text.append(cell.workload().name()).append(',');
                    text.append(cell.workload().valueBytes()).append(',');
                    text.append(cell.workload().servers()).append(',');
                    text.append(cell.callers()).append(',');
                    text.append(name).append(',').append(i + 1);
                    Figures round = rounds.get(i);
                    for (double figure : round.inOrder()) {
                        append(text, figure, 3);
                    }
                    append(text, round.compileMillis(), 0);
                    append(text, round.collectMillis(), 0);
                    text.append('\n');
                }
            }
        }
        return text.toString();
    }

    private static void append(StringBuilder text, double figure, int decimals) {
        text.append(',').append(Double.isNaN(figure) ? "" : String.format(Locale.ROOT, "%." + decimals + "f", figure));
    }
}
