package io.cachewire.benchmarks.load;

import org.HdrHistogram.Histogram;

/**
 * One caller of a round: the order in which it takes keys, and its latencies. Used by one thread at a time.
 */
public final class Caller {
    static final long LONGEST_NANOS = 60_000_000_000L;
    private static final int MIX = 10;

    private final Round round;
    private final Workload.Verb verb;
    private final int mask;
    private final Histogram latencies;
    private int index;
    private int turn;

    Caller(Round round, int number, Histogram latencies) {
        this.round = round;
        this.verb = round.cell().workload().verb();
        this.mask = round.items().count() - 1;
        this.latencies = latencies;
        this.index = number * 7919 & mask;
        this.turn = number;
    }

    /** False when it is time to end; then the caller says {@link #finished}. */
    public boolean goesOn() {
        return round.isOn();
    }

    /** Moves to the next item. */
    public int next() {
        // passes all items before it comes back
        index = (index * 29 + 17) & mask;
        return index;
    }

    /** Whether the next single call is a write. */
    public boolean nextIsWrite() {
        return verb == Workload.Verb.SET || (verb == Workload.Verb.MIX && ++turn % MIX == 0);
    }

    /** A call has its answer. */
    public void answered(long startNanos) {
        if (round.isMeasured()) {
            latencies.recordValue(Math.min(LONGEST_NANOS, System.nanoTime() - startNanos));
        }
    }

    /** A call failed, or its answer was wrong: the round is void. */
    public void failed(Throwable why) {
        round.fail(why);
    }

    /** The caller has ended. */
    public void finished() {
        round.callerFinished();
    }

    /** What the calls do. */
    public Workload.Verb verb() {
        return verb;
    }

    /** Keys and values. */
    public Items items() {
        return round.items();
    }
}
