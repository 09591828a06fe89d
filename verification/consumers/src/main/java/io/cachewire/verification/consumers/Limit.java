package io.cachewire.verification.consumers;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Time limits: what hangs ends with a dump of all threads. */
final class Limit {
    private Limit() {}

    /** Makes the call on a thread of its own, and fails when it has not ended after the limit. */
    static <T extends @Nullable Object> T of(Duration limit, String what, Callable<T> call) throws Exception {
        FutureTask<T> task = new FutureTask<>(call);
        Thread thread = new Thread(task, "consumer: " + what);
        thread.setDaemon(true);
        thread.start();
        try {
            return task.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError(what + " has not ended after " + limit + System.lineSeparator() + threads());
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof Error error) {
                throw error;
            }
            throw (Exception) cause;
        }
    }

    /** Ends this JVM when it is still there after the limit. */
    static void ofProgram(Duration limit) {
        Thread thread = new Thread(
                () -> {
                    try {
                        TimeUnit.NANOSECONDS.sleep(limit.toNanos());
                        end("the program has not ended after " + limit + System.lineSeparator() + threads(), null);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "consumer: limit of the program");
        thread.setDaemon(true);
        thread.start();
    }

    /** Ends this JVM and the server that it has started, whatever other threads do. */
    static void end(String why, @Nullable Throwable failure) {
        System.out.println("consumer: " + why);
        if (failure != null) {
            failure.printStackTrace(System.out);
        }
        System.out.flush();
        ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
        Runtime.getRuntime().halt(1);
    }

    private static String threads() {
        StringBuilder dump = new StringBuilder("All threads:").append(System.lineSeparator());
        for (Map.Entry<Thread, StackTraceElement[]> each :
                Thread.getAllStackTraces().entrySet()) {
            Thread thread = each.getKey();
            dump.append(String.format("\"%s\" %s%n", thread.getName(), thread.getState()));
            for (StackTraceElement frame : each.getValue()) {
                dump.append("    at ").append(frame).append(System.lineSeparator());
            }
        }
        return dump.toString();
    }
}
