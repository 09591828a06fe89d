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
    private boolean raisedByWeights;

    static RecordedSetup setup(Row row) {
        LibmemcachedBehaviors state = new LibmemcachedBehaviors();
        String order = row.config().get("order").asText();
        boolean sorted = false;
        String prefix = "";
        for (JsonNode behavior : row.config().get("behaviors")) {
            sorted |= behavior.get(0).asText().equals("sort_hosts");
            if (behavior.get(0).asText().equals("hash_with_prefix_key")) {
                prefix = row.config().get("prefix").asText();
            }
            state.set(behavior.get(0).asText(), behavior.get(1).asText());
        }
        state.raisedByWeights = order.startsWith("pushed") || order.startsWith("added");
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
        state.raisedByWeights = !late;
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
        state.raisedByWeights = !row.mode().endsWith("servers first");
        return state.factory();
    }

    private boolean modula() {
        return distribution == Distribution.MODULA;
    }

    private void set(String behavior, String value) {
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

    private LocatorFactory factory() {
        boolean plain = distribution == Distribution.RING;
        if (keyHash == LibmemcachedHash.MD5 && weighted && plain) {
            return RoutingPreset.LIBMEMCACHED_KETAMA_WEIGHTED;
        }
        if (keyHash == LibmemcachedHash.DEFAULT && modula()) {
            return RoutingPreset.LIBMEMCACHED;
        }
        if (keyHash == LibmemcachedHash.DEFAULT && !weighted && plain) {
            return raisedByWeights ? RoutingPreset.LIBMEMCACHED_KETAMA_MIXED : RoutingPreset.LIBMEMCACHED_KETAMA;
        }
        if (modula()) {
            return ModuloLocator.over(keyHash);
        }
        NodeName name = distribution == Distribution.SPY ? NodeName.LIBMEMCACHED_KETAMA_SPY : NodeName.LIBMEMCACHED;
        if (!weighted && pointHash != keyHash) {
            throw new AssertionError("no row has points of one hash and keys of another");
        }
        if (weighted) {
            return KetamaLocator.weighted(keyHash, name);
        }
        return raisedByWeights ? KetamaLocator.mixed(keyHash, name) : KetamaLocator.unweighted(keyHash, name);
    }
}
