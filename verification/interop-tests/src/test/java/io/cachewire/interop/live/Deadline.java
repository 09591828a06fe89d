package io.cachewire.interop.live;

import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Ends a process that is still asked something when the time is over. */
final class Deadline implements AutoCloseable {
    private static final ScheduledExecutorService CLOCK = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "peer deadlines");
        thread.setDaemon(true);
        return thread;
    });

    private final Future<?> end;

    Deadline(Process process, int seconds) {
        end = CLOCK.schedule(process::destroyForcibly, seconds, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        end.cancel(false);
    }
}
