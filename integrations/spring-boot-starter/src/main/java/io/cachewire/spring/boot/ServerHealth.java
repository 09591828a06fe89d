package io.cachewire.spring.boot;

import io.cachewire.BlockingMemcachedClient;
import io.cachewire.MemcachedException;
import io.cachewire.MultiResults;
import io.cachewire.PartialResultException;
import io.cachewire.ServerState;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Whether the servers answer.
 *
 * @param allAnswer whether all of them did
 * @param details what is shown of each server
 */
record ServerHealth(boolean allAnswer, Map<String, Object> details) {
    /** The status of a client of which a server does not answer, if the properties name no other: no part of any group's order, and HTTP 200. */
    static final String DEGRADED = "DEGRADED";

    /** Asks all servers for their versions, within the client's time limit. */
    static ServerHealth of(BlockingMemcachedClient client) {
        Map<String, String> versions = new HashMap<>();
        Map<String, String> failures = new HashMap<>();
        long start = System.nanoTime();
        try {
            client.version().forEach((server, version) -> versions.put(server.toString(), version));
        } catch (PartialResultException e) {
            if (e.results() instanceof MultiResults.PerServer<?> answered) {
                answered.answers()
                        .forEach((server, version) -> versions.put(server.toString(), String.valueOf(version)));
                answered.failed().forEach((server, failure) -> failures.put(server.toString(), failure.getMessage()));
            }
        } catch (MemcachedException e) {
            failures.put("", e.getMessage());
        }
        long millis = (System.nanoTime() - start) / 1_000_000;
        Map<String, Object> details = new LinkedHashMap<>();
        boolean allAnswer = true;
        for (ServerState server : client.cluster().servers()) {
            String address = server.address().toString();
            Map<String, Object> shown = new LinkedHashMap<>();
            shown.put("state", server.health().name());
            String version = versions.get(address);
            if (version == null) {
                allAnswer = false;
                shown.put("failure", failures.getOrDefault(address, failures.getOrDefault("", "no answer")));
            } else {
                shown.put("version", version);
            }
            details.put(address, shown);
        }
        details.put("latency", millis + " ms");
        return new ServerHealth(allAnswer, details);
    }
}
