package io.cachewire.loading;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** The clock, the timers and the chance of a view: what a simulation replaces. */
interface Time {
    /** A clock that never jumps. */
    long nanos();

    /** The wall clock, in milliseconds since 1970; it may jump. */
    long millis();

    /** Runs a task later, never on a thread of the client. */
    void after(long nanos, Runnable task);

    /** A number from 0 to 1. */
    double random();

    /** The machine's. */
    static Time system(Executor executor) {
        return new Time() {
            @Override
            public long nanos() {
                return System.nanoTime();
            }

            @Override
            public long millis() {
                return System.currentTimeMillis();
            }

            @Override
            public void after(long nanos, Runnable task) {
                CompletableFuture.delayedExecutor(nanos, TimeUnit.NANOSECONDS, executor)
                        .execute(task);
            }

            @Override
            public double random() {
                return ThreadLocalRandom.current().nextDouble();
            }
        };
    }
}
