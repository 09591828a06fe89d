package io.cachewire.reliability;

import io.cachewire.AsyncMemcachedClient;
import io.cachewire.RequestTimeoutException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Futures in the first second of a JVM that has nothing warm, to a server that answers and to one that does not. Prints how they ended, and how late the latest was:
 * beyond its time limit, less what a witness that only sleeps was late.
 */
public final class ColdFuturesRun {
    private static final Duration TIMEOUT = Duration.ofMillis(500);
    private static final int CALLS = 512;

    private final AtomicInteger hits = new AtomicInteger();
    private final AtomicInteger timeouts = new AtomicInteger();
    private final AtomicInteger others = new AtomicInteger();
    private final AtomicLong latest = new AtomicLong();
    private volatile long witness;

    private ColdFuturesRun() {}

    /** Starts it with options of the JVM. */
    static Process start(int answering, int silent, List<String> options) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of(
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                ColdFuturesRun.class.getName(),
                "127.0.0.1:" + answering,
                "127.0.0.1:" + silent));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    /** The two servers. */
    public static void main(String[] args) throws Exception {
        new ColdFuturesRun().run(args[0], args[1]);
        System.exit(0);
    }

    private void run(String answering, String silent) throws Exception {
        watch();
        try (AsyncMemcachedClient cache = AsyncMemcachedClient.builder(answering)
                        .requestTimeout(TIMEOUT)
                        .build();
                AsyncMemcachedClient mute = AsyncMemcachedClient.builder(silent)
                        .requestTimeout(TIMEOUT)
                        .build()) {
            CountDownLatch ended = new CountDownLatch(CALLS);
            for (int i = 0; i < CALLS; i++) {
                long start = System.nanoTime();
                (i % 2 == 0 ? cache : mute).get("k", String.class).whenComplete((value, e) -> {
                    count(value, e);
                    latest.accumulateAndGet(System.nanoTime() - start, Math::max);
                    ended.countDown();
                });
            }
            System.out.println("ended " + ended.await(20, TimeUnit.SECONDS));
            report("cold");
            // writes, several keys by one call, and chains of stages
            AsyncMemcachedClient patient = cache.withRequestTimeout(Duration.ofSeconds(10));
            System.out.println("set "
                    + patient.set("k2", "w")
                            .thenCompose(x -> patient.get("k2", String.class))
                            .get(10, TimeUnit.SECONDS));
            System.out.println("all "
                    + patient.getAll(List.of("k", "k2"), String.class)
                            .get(10, TimeUnit.SECONDS)
                            .size());
            System.out.println("silent " + failure(mute.get("k", String.class)));
        }
        joins(answering, silent);
    }

    /** A stage that waits for another on the only thread of the executor. */
    private static void joins(String answering, String silent) throws Exception {
        ExecutorService one = Executors.newSingleThreadExecutor();
        try (AsyncMemcachedClient cache = AsyncMemcachedClient.builder(answering)
                        .requestTimeout(Duration.ofSeconds(10))
                        .callbackExecutor(one)
                        .build();
                AsyncMemcachedClient mute = AsyncMemcachedClient.builder(silent)
                        .requestTimeout(TIMEOUT)
                        .callbackExecutor(one)
                        .build()) {
            cache.get("k", String.class).get(10, TimeUnit.SECONDS);
            long start = System.nanoTime();
            CompletableFuture<String> joined =
                    cache.get("k", String.class).thenApply(v -> failure(mute.get("k", String.class)));
            System.out.println("joined " + joined.get(20, TimeUnit.SECONDS));
            System.out.println("joined in time " + (System.nanoTime() - start < TIMEOUT.toNanos() * 2 + 500_000_000));
        } finally {
            one.shutdownNow();
        }
    }

    private static String failure(CompletableFuture<?> call) {
        try {
            call.join();
            return "none";
        } catch (CompletionException e) {
            return e.getCause().getClass().getSimpleName();
        }
    }

    private void count(Object value, Throwable e) {
        if ("v".equals(value)) {
            hits.incrementAndGet();
        } else if (e instanceof RequestTimeoutException
                || e != null && e.getCause() instanceof RequestTimeoutException) {
            timeouts.incrementAndGet();
        } else {
            others.incrementAndGet();
        }
    }

    private void report(String what) {
        System.out.println(what + " hits and time-outs " + (hits.get() + timeouts.get()) + ", others " + others.get());
        long late = latest.get() - TIMEOUT.toNanos() - witness;
        System.out.println(what + " late ms " + Math.max(0, late / 1_000_000));
    }

    private void watch() {
        Thread thread = new Thread(() -> {
            while (true) {
                long start = System.nanoTime();
                try {
                    Thread.sleep(10);
                } catch (InterruptedException e) {
                    return;
                }
                witness = Math.max(witness, System.nanoTime() - start - 10_000_000);
            }
        });
        thread.setDaemon(true);
        thread.start();
    }
}
