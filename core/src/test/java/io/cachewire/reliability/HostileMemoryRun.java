package io.cachewire.reliability;

import io.cachewire.BlockingMemcachedClient;
import io.cachewire.MemcachedException;
import io.cachewire.fixture.Flood;
import io.cachewire.fixture.HostileServer;
import io.cachewire.fixture.Lie;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Run in a JVM with a small heap: a hundred connections to servers that want memory. Prints the number of failures. */
final class HostileMemoryRun {
    private static final int CONNECTIONS = 50;

    private HostileMemoryRun() {}

    public static void main(String[] args) throws Exception {
        List<Lie> lies = List.of(
                Flood.giantLength(1L << 40),
                Flood.giantLength(1 << 20),
                Flood.endlessValue(Long.MAX_VALUE),
                Flood.endlessValue(1 << 30),
                Flood.endlessLine(),
                Flood.endlessItems());
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
}
