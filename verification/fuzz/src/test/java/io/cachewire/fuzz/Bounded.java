package io.cachewire.fuzz;

import java.lang.management.ManagementFactory;
import java.util.function.LongSupplier;

/** Holds what reads bytes from outside to a bound on memory and time. */
public final class Bounded {
    private static final int FREE_BYTES = 64 * 1024;
    private static final int TIMES_INPUT = 4;
    private static final long MAX_NANOS = 10_000_000_000L;

    /** The first runs load classes, which the fuzzer's agent changes, on the same thread. */
    private static final int RUNS = 4;

    private static final boolean IS_FUZZING = "1".equals(System.getenv("JAZZER_FUZZ"));

    /** While it looks for inputs, the fuzzer's agent allocates on the same thread for what it watches; recorded inputs get no such allowance. */
    private static final int TIMES_FUZZING = IS_FUZZING ? 4 : 1;

    private static final com.sun.management.ThreadMXBean THREADS =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Bounded() {}

    /** So many bytes while the fuzzer looks for inputs, for what its agent is known to allocate beyond the usual; none for recorded inputs. */
    public static long whileFuzzing(long bytes) {
        return IS_FUZZING ? bytes : 0;
    }

    /**
     * Runs a reader on so many bytes: it may allocate four times as many and 64 KiB, and take ten seconds of the processor.
     *
     * @param reader repeatable; gives the bytes beyond the bound that are accounted for, by what was read and is wanted
     */
    public static void run(int inputBytes, LongSupplier reader) {
        run(inputBytes, FREE_BYTES, reader);
    }

    /** As {@link #run(int, LongSupplier)}, with other free bytes. */
    public static void run(int inputBytes, long freeBytes, LongSupplier reader) {
        String excess = "";
        for (int i = 0; i < RUNS; i++) {
            long start = THREADS.getCurrentThreadCpuTime();
            long before = THREADS.getCurrentThreadAllocatedBytes();
            long accounted = reader.getAsLong();
            long taken = THREADS.getCurrentThreadAllocatedBytes() - before;
            long nanos = THREADS.getCurrentThreadCpuTime() - start;
            if (nanos > MAX_NANOS) {
                throw new AssertionError("took " + nanos / 1_000_000 + " ms for " + inputBytes + " bytes");
            }
            if (taken <= (freeBytes + (long) TIMES_INPUT * inputBytes + accounted) * TIMES_FUZZING) {
                return;
            }
            excess = taken + " bytes allocated for " + inputBytes + ", " + accounted + " accounted for";
        }
        throw new AssertionError(excess);
    }
}
