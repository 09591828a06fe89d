package io.cachewire.benchmarks.load;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.CompilationMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Method;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What this process has used up. Processor time is that of the whole process, compiler and collector included; the kernel's part too.
 * Allocated bytes are summed over all threads; before JDK 21 those of threads that have ended are missing. Of compiler and collector the
 * time that has passed meanwhile is known, the sum of their threads'.
 */
record Usage(long nanos, long cpuNanos, long allocatedBytes, long compileMillis, long collectMillis) {
    private static final OperatingSystemMXBean PROCESS =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    private static final ThreadMXBean THREADS = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
    private static final @Nullable CompilationMXBean COMPILER = ManagementFactory.getCompilationMXBean();
    private static final long LEAST_CPU_NANOS = 30_000_000;
    private static final @Nullable Method TOTAL = total();

    private static @Nullable Method total() {
        try {
            return ThreadMXBean.class.getMethod("getTotalThreadAllocatedBytes");
        } catch (NoSuchMethodException e) {
            return null;
        }
    }

    static Usage now() {
        return new Usage(System.nanoTime(), PROCESS.getProcessCpuTime(), allocated(), compiling(), collecting());
    }

    private static long compiling() {
        return COMPILER == null ? 0 : COMPILER.getTotalCompilationTime();
    }

    private static long collecting() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream()
                .mapToLong(GarbageCollectorMXBean::getCollectionTime)
                .sum();
    }

    private static long allocated() {
        if (TOTAL != null) {
            try {
                return (Long) TOTAL.invoke(THREADS);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        }
        return Arrays.stream(THREADS.getThreadAllocatedBytes(THREADS.getAllThreadIds()))
                .filter(bytes -> bytes > 0)
                .sum();
    }

    /** Processor time, or NaN where the kernel's clock, which moves by 10 ms, can say too little of it. */
    double knownCpuNanos() {
        return cpuNanos < LEAST_CPU_NANOS ? Double.NaN : cpuNanos;
    }

    Usage minus(Usage before) {
        return new Usage(
                nanos - before.nanos,
                cpuNanos - before.cpuNanos,
                Math.max(0, allocatedBytes - before.allocatedBytes),
                compileMillis - before.compileMillis,
                collectMillis - before.collectMillis);
    }
}
