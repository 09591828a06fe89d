package io.cachewire.benchmarks.report;

import io.cachewire.benchmarks.load.Cell;
import io.cachewire.benchmarks.load.Figures;
import io.cachewire.benchmarks.load.Scoreboard;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.regex.Pattern;

/**
 * A ratio that is asked of our client in some cells, against the best of some others.
 *
 * @param item the item of the list in {@code docs/benchmarks.md}
 * @param cells where it is asked
 * @param ours one of our contestants
 * @param others names of those it is compared with
 * @param measure what is compared
 * @param bound the ratio to reach, ours to the best of the others
 */
record Demand(int item, Predicate<Cell> cells, String ours, Pattern others, Measure measure, double bound) {
    /** What is compared. */
    enum Measure {
        /** Calls per second: the ratio must be at least the bound. */
        THROUGHPUT("calls/s", Figures::perSecond),
        /** Median latency: the ratio must be at most the bound. */
        P50("p50", Figures::p50),
        /** Processor time: the ratio must be at most the bound. */
        CPU("CPU", Figures::cpuMicros),
        /** Allocation: the ratio must be at most the bound. */
        BYTES("bytes", Figures::bytes);

        private final String label;
        private final ToDoubleFunction<Figures> figure;

        Measure(String label, ToDoubleFunction<Figures> figure) {
            this.label = label;
            this.figure = figure;
        }

        String label() {
            return label;
        }

        double of(Figures figures) {
            return figure.applyAsDouble(figures);
        }

        boolean isMoreBetter() {
            return this == THROUGHPUT;
        }
    }

    /** How a demand stands in one cell, against the best of the others there. */
    record Verdict(Demand demand, Cell cell, String other, double ratio) {
        boolean isReached() {
            return demand.measure.isMoreBetter() ? ratio >= demand.bound : ratio <= demand.bound;
        }
    }

    /** The verdicts for the cells that have been measured. */
    List<Verdict> verdicts(Scoreboard board) {
        return board.cells().stream()
                .filter(cells)
                .flatMap(cell -> verdict(board, cell).stream())
                .toList();
    }

    private Optional<Verdict> verdict(Scoreboard board, Cell cell) {
        Optional<Figures> own = board.median(cell, ours);
        String best = null;
        double bestFigure = Double.NaN;
        for (String name : board.contestants(cell)) {
            double figure = measure.of(board.median(cell, name).orElseThrow());
            boolean counts = others.matcher(name).matches() && !Double.isNaN(figure);
            if (counts && (best == null || (measure.isMoreBetter() ? figure > bestFigure : figure < bestFigure))) {
                best = name;
                bestFigure = figure;
            }
        }
        if (own.isEmpty() || best == null) {
            return Optional.empty();
        }
        return Optional.of(new Verdict(this, cell, best, measure.of(own.get()) / bestFigure));
    }
}
