package io.cachewire.micrometer;

import io.cachewire.ClusterView;
import io.cachewire.ServerLoad;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is under way with the servers of all clients. A registry asks gauge after gauge, so one look serves all that are asked for within a tenth of a second.
 */
final class Load {
    private static final long KEEP_NANOS = 100_000_000;

    private final Set<ClusterView> clients;
    private Map<String, List<ServerLoad>> last = Map.of();
    private long lookedAt = System.nanoTime() - KEEP_NANOS - 1;

    /** Of these clients, as they come and go. */
    Load(Set<ClusterView> clients) {
        this.clients = clients;
    }

    private synchronized Map<String, List<ServerLoad>> now() {
        long now = System.nanoTime();
        if (now - lookedAt > KEEP_NANOS) {
            Map<String, List<ServerLoad>> next = new HashMap<>();
            for (ClusterView client : clients) {
                for (ServerLoad load : client.loads()) {
                    next.computeIfAbsent(load.address().toString(), any -> new ArrayList<>())
                            .add(load);
                }
            }
            last = next;
            lookedAt = now;
        }
        return last;
    }

    /** Of one server. */
    List<ServerLoad> of(String server) {
        return now().getOrDefault(server, List.of());
    }

    /** Of all servers. */
    List<ServerLoad> ofAll() {
        return now().values().stream().flatMap(List::stream).toList();
    }
}
