package io.cachewire.benchmarks.load;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What was measured of one contestant in one cell.
 *
 * @param perSecond calls per second
 * @param p50 median latency in microseconds
 * @param p99 99th percentile in microseconds
 * @param p999 99.9th percentile in microseconds
 * @param longest the slowest call in microseconds; NaN where it is not known
 * @param cpuMicros processor time of the client's process per call, in microseconds; NaN where it is too little to be measured
 * @param bytes allocated per call; NaN outside a JVM
 * @param compileMillis what the JVM's compiler took of the time, summed over its threads, in milliseconds; NaN outside a JVM
 * @param collectMillis what its collector took, in milliseconds; NaN outside a JVM
 */
public record Figures(
        double perSecond,
        double p50,
        double p99,
        double p999,
        double longest,
        double cpuMicros,
        double bytes,
        double compileMillis,
        double collectMillis) {
    /** The median of each figure by itself, and the slowest call of all. */
    public static Figures median(List<Figures> rounds) {
        return new Figures(
                median(rounds, Figures::perSecond),
                median(rounds, Figures::p50),
                median(rounds, Figures::p99),
                median(rounds, Figures::p999),
                rounds.stream().mapToDouble(Figures::longest).max().orElseThrow(),
                median(rounds, Figures::cpuMicros),
                median(rounds, Figures::bytes),
                median(rounds, Figures::compileMillis),
                median(rounds, Figures::collectMillis));
    }

    /** The figures of the calls, in the order of the components, without the slowest one. */
    public double[] inOrder() {
        return new double[] {perSecond, p50, p99, p999, cpuMicros, bytes};
    }

    private static double median(List<Figures> rounds, ToDoubleFunction<Figures> figure) {
        double[] sorted = rounds.stream().mapToDouble(figure).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
