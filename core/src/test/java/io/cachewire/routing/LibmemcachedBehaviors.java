package io.cachewire.routing;

import com.fasterxml.jackson.databind.JsonNode;
import io.cachewire.ServerAddress;
import io.cachewire.routing.InteropVectors.Row;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** libmemcached's settings as a row of vectors has them: each changes the state that the next one finds. */
final class LibmemcachedBehaviors {
    private enum Distribution {
        MODULA,
        RING,
        SPY
    }

    private HashFunction keyHash = LibmemcachedHash.DEFAULT;
    private HashFunction pointHash = LibmemcachedHash.DEFAULT;
    private Distribution distribution = Distribution.MODULA;
    private boolean weighted;

    static RecordedSetup setup(Row row) {
        LibmemcachedBehaviors state = new LibmemcachedBehaviors();
        String order = row.config().get("order").asText();
        boolean anyWeight = row.hasWeights() && row.servers().stream().anyMatch(s -> s.weight() > 1);
        boolean sorted = false;
        String prefix = "";
        for (JsonNode behavior : row.config().get("behaviors")) {
            sorted |= behavior.get(0).asText().equals("sort_hosts");
            if (behavior.get(0).asText().equals("hash_with_prefix_key")) {
                prefix = row.config().get("prefix").asText();
            }
            state.set(behavior.get(0).asText(), behavior.get(1).asText());
        }
        if (anyWeight && order.startsWith("pushed") || anyWeight && order.startsWith("added") && !state.modula()) {
            state.weighted = true;
        }
        if (!order.startsWith("servers first")) {
            state.pointHash = state.keyHash;
        }
        List<ServerAddress> servers = row.servers();
        if (sorted) {
            servers = servers.stream()
                    .sorted(Comparator.comparing(ServerAddress::host).thenComparing(ServerAddress::port))
                    .toList();
        }
        return new RecordedSetup(row, state.factory(), servers, prefix);
    }

    boolean modula() {
        return distribution == Distribution.MODULA;
    }

    void raiseWeighted() {
        weighted = true;
    }

    void set(String behavior, String value) {
        switch (behavior) {
            case "hash" -> keyHash = LibmemcachedHash.valueOf(value.toUpperCase(Locale.ROOT));
            case "distribution" -> distribute(value);
            case "ketama" -> distribute("consistent");
            case "ketama_weighted" -> {
                keyHash = LibmemcachedHash.MD5;
                distribute("consistent_weighted");
            }
            case "sort_hosts", "hash_with_prefix_key", "ketama_hash" -> {}
            default -> throw new AssertionError(behavior);
        }
    }

    private void distribute(String name) {
        switch (name) {
            case "modula" -> distribution = Distribution.MODULA;
            case "consistent" -> {
                distribution = Distribution.RING;
                weighted = false;
            }
            case "consistent_weighted" -> {
                distribution = Distribution.RING;
                weighted = true;
            }
            case "ketama_spy" -> distribution = Distribution.SPY;
            default -> throw new AssertionError(name);
        }
        pointHash = keyHash;
    }

    LocatorFactory factory() {
        if (modula()) {
            return ModuloLocator.over(keyHash);
        }
        NodeName name = distribution == Distribution.SPY ? NodeName.LIBMEMCACHED_KETAMA_SPY : NodeName.LIBMEMCACHED;
        if (!weighted && pointHash != keyHash) {
            throw new AssertionError("no row has points of one hash and keys of another");
        }
        return weighted ? KetamaLocator.weighted(keyHash, name) : KetamaLocator.unweighted(keyHash, name);
    }
}
