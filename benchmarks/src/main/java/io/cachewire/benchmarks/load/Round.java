package io.cachewire.benchmarks.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * One contestant's turn in one cell: its callers run, are measured for a time after a shorter time that does not count, and end. The callers
 * are running both when the measuring begins and when it ends, so that their threads' counters can be read.
 */
public final class Round {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int FEW = 16;
    private static final int MANY = 256;

    private enum Phase {
        WARMING,
        MEASURING,
        ENDING
    }

    private final Cell cell;
    private final Items items;
    private final List<Caller> callers = new ArrayList<>();
    private final List<Histogram> latencies = new ArrayList<>();
    private final CountDownLatch running;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private volatile Phase phase = Phase.WARMING;

    /** A round that has not begun. */
    public Round(Cell cell, Items items) {
        this.cell = cell;
        this.items = items;
        this.running = new CountDownLatch(cell.callers());
        // where few callers share the caches, fine enough for a ratio of 1.05; thousands of histograms would not fit
        // into them
        int digits = cell.callers() <= FEW ? 3 : 2;
        Histogram shared = cell.callers() > MANY ? new ConcurrentHistogram(Caller.LONGEST_NANOS, digits) : null;
        for (int i = 0; i < cell.callers(); i++) {
            Histogram own = shared == null ? new Histogram(Caller.LONGEST_NANOS, digits) : shared;
            if (shared == null || i == 0) {
                latencies.add(own);
            }
            callers.add(new Caller(this, i, own));
        }
    }

    /**
     * Runs it.
     *
     * @param start starts all callers and returns
     * @throws IllegalStateException when a call failed, an answer was wrong, or a caller does not end
     */
    public Figures run(Duration measured, Consumer<List<Caller>> start) throws InterruptedException {
        start.accept(callers);
        Thread.sleep(measured.toMillis() / 5);
        Usage before = Usage.now();
        phase = Phase.MEASURING;
        Thread.sleep(measured.toMillis());
        phase = Phase.ENDING;
        Usage spent = Usage.now().minus(before);
        boolean ended = running.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        Throwable why = failure.get();
        if (why != null || !ended) {
            throw new IllegalStateException(cell.name() + (ended ? " failed" : " does not end"), why);
        }
        return figures(spent);
    }

    private Figures figures(Usage spent) {
        Histogram all = latencies.get(0).copy();
        latencies.stream().skip(1).forEach(all::add);
        double calls = Math.max(1, all.getTotalCount());
        return new Figures(
                calls * 1e9 / spent.nanos(),
                all.getValueAtPercentile(50) / 1e3,
                all.getValueAtPercentile(99) / 1e3,
                all.getValueAtPercentile(99.9) / 1e3,
                all.getMaxValue() / 1e3,
                spent.knownCpuNanos() / 1e3 / calls,
                spent.allocatedBytes() / calls,
                spent.compileMillis(),
                spent.collectMillis());
    }

    /** What is measured. */
    public Cell cell() {
        return cell;
    }

    /** Keys and values. */
    public Items items() {
        return items;
    }

    boolean isOn() {
        return phase != Phase.ENDING;
    }

    boolean isMeasured() {
        return phase == Phase.MEASURING;
    }

    void fail(Throwable why) {
        failure.compareAndSet(null, why);
    }

    void callerFinished() {
        running.countDown();
    }
}
