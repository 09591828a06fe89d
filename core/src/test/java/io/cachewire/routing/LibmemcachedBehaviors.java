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
        boolean anyWeight = anyWeight(row);
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

    /** pylibmc has its own order of settings, whatever the dictionary's, and adds the servers one by one after them. */
    static LocatorFactory pylibmc(Row row) {
        LibmemcachedBehaviors state = new LibmemcachedBehaviors();
        JsonNode config = row.config();
        for (String name : List.of("hash", "ketama_hash", "ketama", "ketama_weighted", "distribution")) {
            if (config.has(name)) {
                state.set(name, config.get(name).asText());
            }
        }
        boolean late = config.path("set").asText().equals("after the servers");
        if (!late && !state.modula() && anyWeight(row)) {
            state.weighted = true;
        }
        return ejects(config) ? state.factory().ejecting() : state.factory();
    }

    private static boolean ejects(JsonNode config) {
        return config.has("auto_eject") || config.has("remove_failed");
    }

    /** php-memcached pushes a list of servers unless it says addServer. */
    static LocatorFactory php(Row row) {
        LibmemcachedBehaviors state = new LibmemcachedBehaviors();
        switch (row.mode().replace(", servers first", "").replace(", addServer", "")) {
            case "default" -> {}
            case "consistent" -> state.set("distribution", "consistent");
            case "libketama" -> state.set("ketama_weighted", "1");
            case "md5 consistent" -> {
                state.set("hash", "md5");
                state.set("distribution", "consistent");
            }
            default -> throw new AssertionError(row.name());
        }
        if (!row.mode().endsWith("servers first") && anyWeight(row)) {
            state.weighted = true;
        }
        return state.factory();
    }

    private static boolean anyWeight(Row row) {
        return row.servers().stream().anyMatch(s -> s.weight() > 1);
    }

    boolean modula() {
        return distribution == Distribution.MODULA;
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
