package io.cachewire;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** Runs the same steps on many threads at once, and fails when one of them does. */
final class Threads {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private Threads() {}

    /** What one thread does. */
    interface Steps {
        void run(int thread) throws Exception;
    }

    /** Runs the steps on {@code count} platform threads and waits for all. */
    static void each(int count, Steps steps) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(count);
        try {
            await(start(threads, count, steps));
        } finally {
            threads.shutdownNow();
        }
    }

    static List<Future<?>> start(ExecutorService on, int count, Steps steps) {
        List<Future<?>> started = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int thread = i;
            started.add(on.submit(() -> {
                steps.run(thread);
                return null;
            }));
        }
        return started;
    }

    static void await(List<Future<?>> started) throws Exception {
        for (Future<?> each : started) {
            each.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        }
    }

    /** Waits until a thread waits for something. */
    static void awaitParked(Thread thread) {
        Awaitility.await().atMost(LIMIT).until(() -> switch (thread.getState()) {
            case WAITING, TIMED_WAITING, TERMINATED -> true;
            default -> false;
        });
    }
}
