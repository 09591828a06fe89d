package io.cachewire.reliability;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.cachewire.BlockingMemcachedClient;
import io.cachewire.MemcachedException;
import io.cachewire.OverloadedException;
import io.cachewire.RetryPolicy;
import io.cachewire.SerdeException;
import io.cachewire.fixture.Flood;
import io.cachewire.fixture.HostileServer;
import io.cachewire.fixture.Lie;
import io.cachewire.fixture.Zeros;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;

/**
 * Run in a JVM with a small heap: a hundred connections to servers that want memory, and a value that inflates to a gibibyte. Prints the number
 * of failures, and the most heap that was in use.
 */
public final class HostileMemoryRun {
    private static final int CONNECTIONS = 50;
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private HostileMemoryRun() {}

    /** Starts it in a JVM of its own, with 64 MiB of heap; what it prints and its errors come in one stream. */
    public static Process start(String classPath) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-cp",
                        classPath,
                        HostileMemoryRun.class.getName())
                .redirectErrorStream(true)
                .start();
    }

    /** No arguments. */
    public static void main(String[] args) throws Exception {
        AtomicLong peak = new AtomicLong();
        var sampler = Executors.newSingleThreadScheduledExecutor();
        var heap = ManagementFactory.getMemoryMXBean();
        sampler.scheduleAtFixedRate(
                () -> peak.accumulateAndGet(heap.getHeapMemoryUsage().getUsed(), Math::max),
                0,
                1,
                TimeUnit.MILLISECONDS);
        try {
            each();
            together();
            bomb();
        } finally {
            sampler.shutdownNow();
        }
        System.out.println("peak heap KiB " + peak.get() / 1024);
    }

    /** A mebibyte that would become a gibibyte. */
    private static void bomb() throws Exception {
        byte[] bomb = Zeros.zlib(1L << 30);
        try (HostileServer server = HostileServer.start();
                Socket socket =
                        new Socket(server.address().host(), server.address().port());
                BlockingMemcachedClient cache = BlockingMemcachedClient.builder(
                                server.address().toString())
                        .requestTimeout(PATIENCE)
                        .build()) {
            socket.getOutputStream().write(("set bomb 256 0 " + bomb.length + "\r\n").getBytes(US_ASCII));
            socket.getOutputStream().write(bomb);
            socket.getOutputStream().write("\r\n".getBytes(US_ASCII));
            System.out.println("bomb " + new String(socket.getInputStream().readNBytes(6), US_ASCII));
            try {
                cache.get("bomb", String.class);
            } catch (SerdeException e) {
                System.out.println("bomb " + e.reason());
            }
        }
    }

    /** Each kind of lie for itself, on as many connections as the health of the servers allows. */
    private static void each() throws Exception {
        List<Lie> lies = List.of(
                Flood.giantLength(1L << 40),
                Flood.giantLength(1 << 20),
                Flood.endlessValue(Long.MAX_VALUE),
                Flood.endlessValue(1 << 30),
                Flood.endlessLine(),
                Flood.endlessItems(),
                Flood.endlessLines("STAT name " + "x".repeat(8000)));
        int failures = 0;
        try (HostileServer first = HostileServer.start();
                HostileServer second = HostileServer.start();
                BlockingMemcachedClient cache = BlockingMemcachedClient.builder(
                                first.address().toString(), second.address().toString())
                        .connectionsPerServer(CONNECTIONS)
                        .requestTimeout(Duration.ofMillis(500))
                        .build()) {
            for (Lie lie : lies) {
                for (HostileServer server : List.of(first, second)) {
                    server.honest().on(request -> request.command().matches("mg|get"), lie);
                }
                List<CompletableFuture<String>> calls = new ArrayList<>();
                for (int i = 0; i < 4 * CONNECTIONS; i++) {
                    calls.add(cache.async().get("k" + i, String.class));
                }
                for (CompletableFuture<String> call : calls) {
                    try {
                        call.join();
                    } catch (java.util.concurrent.CompletionException e) {
                        if (!(e.getCause() instanceof MemcachedException)) {
                            throw e;
                        }
                        failures++;
                    }
                }
            }
        }
        System.out.println("failures " + failures);
    }

    /** Values that are each within the limit, and together more than the heap; none of them comes to its end. */
    private static void together() throws Exception {
        AtomicInteger refused = new AtomicInteger();
        try (HostileServer first = HostileServer.start();
                HostileServer second = HostileServer.start();
                BlockingMemcachedClient cache = BlockingMemcachedClient.builder(
                                first.address().toString(), second.address().toString())
                        .connectionsPerServer(CONNECTIONS)
                        .connectTimeout(PATIENCE)
                        .requestTimeout(PATIENCE)
                        .stallTimeout(PATIENCE)
                        .retryPolicy(RetryPolicy.never())
                        .failureLimit(1000)
                        .build()) {
            for (HostileServer server : List.of(first, second)) {
                server.on(request -> request.command().matches("mg|get"), Flood.almostAll(1 << 20));
            }
            for (int i = 0; i < 4 * CONNECTIONS; i++) {
                cache.async().get("k" + i, String.class).whenComplete((value, e) -> {
                    if (e != null && String.valueOf(e.getMessage()).contains("memory budget")) {
                        refused.incrementAndGet();
                    }
                });
            }
            Awaitility.await().atMost(PATIENCE).until(() -> refused.get() >= CONNECTIONS);
            for (HostileServer server : List.of(first, second)) {
                server.honest();
            }
            // what the budget holds is given back with the connections, each by the thread that reads it
            cache.disconnectAll();
            Awaitility.await()
                    .atMost(PATIENCE)
                    .ignoreException(OverloadedException.class)
                    .untilAsserted(() -> cache.set("k", new byte[1_000_000]));
            System.out.println("in the end " + Objects.requireNonNull(cache.get("k", byte[].class)).length);
        }
    }
}
