package io.cachewire.verification.consumers;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The checks that every consumer project runs. The system property {@code consumers.expected} lists the libraries that must be on the class path,
 * as {@link Platform#check} reads it; {@code consumers.pause} is how long the server is stopped at least, in milliseconds.
 */
public final class Checks {
    /** The client's limit of a request; longer than the default because consumers run side by side on loaded machines. */
    public static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(2);

    /** The client's limit of a connection's start. */
    public static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    /** A call that takes longer hangs: three times what the slowest of retries and timeouts can add up to. */
    private static final Duration CALL_LIMIT = Duration.ofSeconds(25);

    /** After this the client must have found its server again. */
    private static final Duration RECOVERY_LIMIT = Duration.ofSeconds(20);

    /** By then a client with the default stall timeout, 2 s, has given up its connection to a stopped server. */
    private static final Duration STALLED = Duration.ofMillis(2500);

    /** By then the threads and sockets of a closed client are gone. */
    private static final Duration END_LIMIT = Duration.ofSeconds(10);

    private static final Duration PROGRAM_LIMIT = Duration.ofSeconds(150);
    private static final int CALLERS = 3;

    private final MemcachedServer server;
    private final CacheUser user;

    private Checks(MemcachedServer server, CacheUser user) {
        this.server = server;
        this.user = user;
    }

    /** Runs the checks as a program: the JVM ends with status 0 only when all have passed and no thread keeps it alive. */
    public static void run(CacheUser.Opening opening) {
        Limit.ofProgram(PROGRAM_LIMIT);
        try {
            check(opening);
        } catch (Throwable failure) {
            Limit.end("the checks failed", failure);
        }
    }

    /** Runs the checks, for a project whose test calls them. */
    public static void check(CacheUser.Opening opening) throws Exception {
        Platform.check(System.getProperty("consumers.expected", ""));
        Duration pause = Duration.ofMillis(Long.getLong("consumers.pause", 0));
        try (MemcachedServer server = MemcachedServer.start()) {
            Leftovers before = Leftovers.now();
            CacheUser user = opening.open(server.address());
            Checks checks = new Checks(server, user);
            checks.step("set, get, getAll", checks::storesAndReads);
            checks.step(
                    "what only this project calls",
                    () -> checks.limited("its own calls", () -> {
                        user.callItsOwn();
                        return true;
                    }));
            checks.step("a server that is stopped and continued", () -> checks.survivesPause(pause));
            checks.step("a server that is killed and restarted", checks::survivesRestart);
            checks.step("close", checks::closes);
            checks.step("no thread and no descriptor is left", () -> before.requireNothingNew(END_LIMIT));
        }
        System.out.println("consumer: all checks passed");
    }

    /** Throws unless both are equal. */
    public static void equal(@Nullable Object expected, @Nullable Object actual) {
        if (!Objects.equals(expected, actual)) {
            throw new AssertionError("expected " + expected + ", got " + actual);
        }
    }

    private void storesAndReads() throws Exception {
        limited("the first set", () -> set("greeting", "hello"));
        equal("hello", limited("get", () -> user.get("greeting")));
        equal(null, limited("get of an absent key", () -> user.get("absent")));
        String large = "0123456789abcdef".repeat(8 * 1024);
        limited("set of 128 KiB", () -> set("large", large));
        equal(large, limited("get of 128 KiB", () -> user.get("large")));
        Map<String, String> stored = new HashMap<>();
        for (int i = 0; i < 20; i++) {
            String key = "many:" + i;
            stored.put(key, "value " + i);
            limited("set", () -> set(key, "value of " + key));
        }
        stored.replaceAll((key, value) -> "value of " + key);
        List<String> keys = new ArrayList<>(stored.keySet());
        keys.add("absent");
        equal(stored, limited("getAll", () -> user.getAll(keys)));
    }

    /** Calls to a stopped server fail in bounded time, also after the client has given its connection up; they are answered when it goes on. */
    private void survivesPause(Duration pause) throws Exception {
        limited("set", () -> set("paused", "still here"));
        ExecutorService threads = Executors.newFixedThreadPool(CALLERS, task -> {
            Thread thread = new Thread(task, "consumer-caller");
            thread.setDaemon(true);
            return thread;
        });
        try {
            server.pause();
            long stopped = System.nanoTime();
            inAll(threads, "the callers of a stopped server", () -> readUntilFailedLate(stopped));
            long rest = pause.toNanos() - (System.nanoTime() - stopped);
            // the time for which the server is stopped, no wait for a condition
            TimeUnit.NANOSECONDS.sleep(rest);
            server.resume();
            inAll(threads, "the callers' way back to the server", this::readUntilAnswered);
        } finally {
            threads.shutdownNow();
        }
    }

    private static void inAll(ExecutorService threads, String what, Callable<Boolean> caller) throws Exception {
        List<Future<Boolean>> callers = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            callers.add(threads.submit(caller));
        }
        for (Future<Boolean> each : callers) {
            try {
                limited(what, RECOVERY_LIMIT.plus(CALL_LIMIT), each::get);
            } catch (ExecutionException e) {
                if (e.getCause() instanceof Error error) {
                    throw error;
                }
                throw e;
            }
        }
    }

    private boolean readUntilFailedLate(long stopped) throws Exception {
        while (true) {
            long begin = System.nanoTime();
            try {
                limited("get while the server is stopped", () -> user.get("paused"));
            } catch (Exception failure) {
                requireNoLinkageError(failure);
                if (begin - stopped > STALLED.toNanos()) {
                    return true;
                }
            }
        }
    }

    private boolean readUntilAnswered() throws Exception {
        Recovery recovery = new Recovery();
        while (true) {
            try {
                equal("still here", limited("get after the server goes on", () -> user.get("paused")));
                return true;
            } catch (Exception failure) {
                recovery.failed(failure);
            }
        }
    }

    /** Calls to a dead server fail in bounded time; a new one on the same port is found. */
    private void survivesRestart() throws Exception {
        server.kill();
        try {
            equal("no answer", limited("get while no server is there", () -> user.get("greeting")));
        } catch (Exception failure) {
            requireNoLinkageError(failure);
        }
        server.restart();
        Recovery recovery = new Recovery();
        while (true) {
            try {
                limited("set after the restart", () -> set("greeting", "hello again"));
                break;
            } catch (Exception failure) {
                recovery.failed(failure);
            }
        }
        equal(null, limited("get of a key that the old server had", () -> user.get("large")));
        equal("hello again", limited("get after the restart", () -> user.get("greeting")));
    }

    private void closes() throws Exception {
        limited("close", () -> {
            user.close();
            return true;
        });
        try {
            equal("no answer", limited("get after close", () -> user.get("greeting")));
        } catch (Exception failure) {
            requireNoLinkageError(failure);
        }
    }

    private boolean set(String key, String value) throws Exception {
        user.set(key, value);
        return true;
    }

    private <T extends @Nullable Object> T limited(String what, Callable<T> call) throws Exception {
        return limited(what, CALL_LIMIT, call);
    }

    private static <T extends @Nullable Object> T limited(String what, Duration limit, Callable<T> call)
            throws Exception {
        return Limit.of(limit, what, call);
    }

    private void step(String what, Step step) throws Exception {
        long start = System.nanoTime();
        step.run();
        System.out.printf("consumer: %s: %d ms%n", what, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
    }

    /** A client that works may fail while its server is unavailable; one on a wrong platform must not pass for that. */
    private static void requireNoLinkageError(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof LinkageError) {
                throw new AssertionError("the client does not fit its class path", failure);
            }
        }
    }

    private interface Step {
        void run() throws Exception;
    }

    /** Allows failures for a while. */
    private static final class Recovery {
        private final long start = System.nanoTime();

        void failed(Exception failure) throws InterruptedException {
            requireNoLinkageError(failure);
            if (System.nanoTime() - start > RECOVERY_LIMIT.toNanos()) {
                throw new AssertionError("no answer " + RECOVERY_LIMIT + " after the server came back", failure);
            }
            // a refused connection fails at once
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }
}
