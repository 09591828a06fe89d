package io.cachewire.routing;

import com.fasterxml.jackson.databind.JsonNode;
import io.cachewire.DataBlock;
import io.cachewire.ServerAddress;
import io.cachewire.routing.InteropVectors.Row;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** The locator that a row's client, settings and servers come to. */
record RecordedSetup(Row row, LocatorFactory factory, List<ServerAddress> servers, String hashedPrefix) {
    RecordedSetup(Row row, LocatorFactory factory, List<ServerAddress> servers) {
        this(row, factory, servers, "");
    }

    private RecordedSetup(Row row, LocatorFactory factory) {
        this(row, factory, row.servers());
    }

    static RecordedSetup of(Row row) {
        return switch (row.client()) {
            case "libmemcached" -> LibmemcachedBehaviors.setup(row);
            case "pylibmc" -> new RecordedSetup(row, LibmemcachedBehaviors.pylibmc(row));
            case "php-memcached" -> new RecordedSetup(row, LibmemcachedBehaviors.php(row));
            case "python-memcached" -> new RecordedSetup(row, pythonMemcached(row));
            case "pymemcache" ->
                new RecordedSetup(
                        row,
                        row.config().path("key_type").asText("str").equals("bytes")
                                ? RoutingPreset.PYMEMCACHE_BYTES
                                : RoutingPreset.PYMEMCACHE);
            case "moecache" -> new RecordedSetup(row, RoutingPreset.MOECACHE);
            case "EnyimMemcached" -> new RecordedSetup(row, enyim(row));
            case "dalli" -> new RecordedSetup(row, RoutingPreset.DALLI);
            case "spymemcached" -> new RecordedSetup(row, spymemcached(row));
            case "xmemcached" -> new RecordedSetup(row, xmemcached(row));
            case "folsom" -> new RecordedSetup(row, RoutingPreset.FOLSOM);
            case "gomemcache" -> new RecordedSetup(row, RoutingPreset.GOMEMCACHE);
            case "memjs" -> new RecordedSetup(row, RoutingPreset.MEMJS);
            case "memcached (npm)" -> new RecordedSetup(row, nodeMemcached(row));
            case "Cache::Memcached" -> new RecordedSetup(row, RoutingPreset.CACHE_MEMCACHED);
            case "Cache::Memcached::Fast" ->
                new RecordedSetup(
                        row,
                        row.config().has("ketama_points")
                                ? CacheMemcachedFastLocator.ketama(
                                        row.config().get("ketama_points").asInt())
                                : RoutingPreset.CACHE_MEMCACHED_FAST);
            case "mcrouter" ->
                new RecordedSetup(
                        row,
                        row.config().get("hash").asText().equals("Ch3")
                                ? RoutingPreset.MCROUTER_CH3
                                : RoutingPreset.MCROUTER_CRC32);
            default -> throw new AssertionError("nobody knows " + row.client());
        };
    }

    private static LocatorFactory pythonMemcached(Row row) {
        return switch (row.config().path("serverHashFunction").asText("default")) {
            case "default", "crc32>>16&0x7fff" -> RoutingPreset.PYTHON_MEMCACHED;
            case "crc32" -> PythonMemcachedLocator.over(CommonHash.CRC32);
            case "adler32" -> PythonMemcachedLocator.over(CommonHash.ADLER32);
            default -> throw new AssertionError(row.name());
        };
    }

    private static LocatorFactory nodeMemcached(Row row) {
        if (row.config().has("compatibility")) {
            return RoutingPreset.NODE_MEMCACHED_HASH_RING;
        }
        return row.config().has("remove") ? RoutingPreset.NODE_MEMCACHED.ejecting() : RoutingPreset.NODE_MEMCACHED;
    }

    private static LocatorFactory enyim(Row row) {
        return switch (row.config().get("locator").asText()) {
            case "default" -> RoutingPreset.MOECACHE;
            case "ketama:md5" -> RoutingPreset.ENYIM_KETAMA;
            case "ketama:sha1" -> EnyimLocator.ketamaSha1();
            default -> throw new AssertionError(row.name());
        };
    }

    private static LocatorFactory spymemcached(Row row) {
        String[] mode = row.mode().split(":");
        JvmHash hash = hash(mode, mode[0].equals("ketama") ? "KETAMA_HASH" : "NATIVE_HASH");
        if (mode[0].equals("mod")) {
            return hash == JvmHash.NATIVE ? RoutingPreset.SPYMEMCACHED : ModuloLocator.over(hash);
        }
        if (hash == JvmHash.KETAMA && literal(row)) {
            return mode.length > 2 && mode[2].equals("LIBMEMCACHED")
                    ? RoutingPreset.SPYMEMCACHED_KETAMA_LIBMEMCACHED
                    : RoutingPreset.SPYMEMCACHED_KETAMA;
        }
        return mode.length > 2 && mode[2].equals("LIBMEMCACHED")
                ? SpymemcachedKetamaLocator.over(hash, NodeName.spymemcachedLibmemcached(lookup(row)))
                : SpymemcachedKetamaLocator.over(hash, NodeName.spymemcached(lookup(row)));
    }

    private static LocatorFactory xmemcached(Row row) {
        String[] mode = row.mode().replace(", failure mode", "").split(":");
        JvmHash hash = hash(mode, mode[0].equals("ketama") ? "KETAMA_HASH" : "NATIVE_HASH");
        return switch (mode[0]) {
            case "default", "array" ->
                hash == JvmHash.NATIVE
                        ? RoutingPreset.XMEMCACHED
                        : ModuloLocator.weighted(hash).ejecting();
            case "ketama" ->
                hash == JvmHash.KETAMA && literal(row)
                        ? RoutingPreset.XMEMCACHED_KETAMA
                        : XmemcachedKetamaLocator.over(hash, NodeName.xmemcached(lookup(row)));
            case "ketama-nginx" ->
                literal(row)
                        ? RoutingPreset.XMEMCACHED_KETAMA_NGINX
                        : XmemcachedKetamaLocator.over(hash, NodeName.xmemcachedNginx(lookup(row)));
            case "ketama-gwhalin" -> XmemcachedKetamaLocator.over(hash, NodeName.xmemcachedGwhalin(lookup(row)));
            case "libmemcached" ->
                literal(row)
                        ? RoutingPreset.XMEMCACHED_LIBMEMCACHED
                        : KetamaLocator.unweighted(
                                JvmHash.ONE_AT_A_TIME, NodeName.spymemcachedLibmemcached(lookup(row)));
            case "election" -> XmemcachedElectionLocator.over(NodeName.xmemcached(lookup(row)));
            case "phphash" ->
                hash == JvmHash.NATIVE
                        ? RoutingPreset.XMEMCACHED_PHPMEMCACHE
                        : ModuloLocator.weighted(hash.slice()).ejecting();
            default -> throw new AssertionError(row.name());
        };
    }

    /** True when the servers are given by addresses that have no name. */
    private static boolean literal(Row row) {
        return row.servers().stream()
                .allMatch(s -> HostLookup.isLiteral(s.host()) && !s.host().equals("127.0.0.1"));
    }

    private static JvmHash hash(String[] mode, String otherwise) {
        String name = mode.length > 1 ? mode[1] : otherwise;
        return JvmHash.valueOf(name.replace("_HASH", "").replace("CRC32", "CRC"));
    }

    /** The recorded machine's resolver: 127.0.0.1 is localhost, and the row says what its host names are. */
    static HostLookup lookup(Row row) {
        return new HostLookup() {
            @Override
            public String address(String host) {
                List<ServerAddress> servers = row.servers();
                for (int i = 0; i < servers.size(); i++) {
                    if (servers.get(i).host().equals(host)) {
                        return row.texts("addresses").get(i);
                    }
                }
                throw new AssertionError(host);
            }

            @Override
            public @Nullable String name(String address) {
                return address.equals("127.0.0.1") ? "localhost" : null;
            }
        };
    }

    /** The preset, or the client and its settings where there is none. */
    String rule() {
        return factory instanceof RoutingPreset preset ? preset.name() : row.client();
    }

    NodeLocator locator() {
        return factory.build(servers);
    }

    /** Where the row's key of this number goes. */
    int place(NodeLocator locator, int i) {
        JsonNode explicit = row.config().path("explicit_hash");
        if (explicit.isArray()) {
            return locator.locateHash(explicit.get(i).asLong());
        }
        if (explicit.isTextual()) {
            return locator.locateHash((i * 2654435761L + 12345) % (1L << 31));
        }
        // libmemcached hashes nothing when prefix and key together are too long to be sent
        return !hashedPrefix.isEmpty() && routingKey(i).length() > 250
                ? locator.locateHash(0)
                : locator.locate(routingKey(i));
    }

    DataBlock routingKey(int i) {
        return hashedPrefix.isEmpty()
                ? row.key(i)
                : DataBlock.ofUtf8(hashedPrefix + row.keys().get(i));
    }

    /** What the client does about a server that is down. */
    enum DeadServer {
        KEYS_ARE_LOST,
        FURTHER_CHOICES,
        PLACES_ANEW
    }

    DeadServer onDeadServer() {
        JsonNode config = row.config();
        return switch (row.client()) {
            case "python-memcached", "pymemcache", "dalli", "spymemcached", "folsom" -> DeadServer.FURTHER_CHOICES;
            case "Cache::Memcached" -> config.has("no_rehash") ? DeadServer.KEYS_ARE_LOST : DeadServer.FURTHER_CHOICES;
            case "Cache::Memcached::Fast" -> DeadServer.KEYS_ARE_LOST;
            case "memjs" -> config.has("failover") ? DeadServer.FURTHER_CHOICES : DeadServer.KEYS_ARE_LOST;
            case "memcached (npm)" -> config.has("remove") ? DeadServer.PLACES_ANEW : DeadServer.KEYS_ARE_LOST;
            case "xmemcached" ->
                config.get("mode").asText().endsWith("failure mode")
                        ? DeadServer.KEYS_ARE_LOST
                        : DeadServer.PLACES_ANEW;
            // the ring is built anew once failure_limit failures are counted, five when not set: the recording had one
            case "pylibmc" ->
                (config.has("ketama") || config.has("ketama_weighted"))
                                && (config.has("auto_eject") || config.has("remove_failed"))
                                && config.has("failure_limit")
                        ? DeadServer.PLACES_ANEW
                        : DeadServer.KEYS_ARE_LOST;
            default -> throw new AssertionError(row.client().toLowerCase(Locale.ROOT));
        };
    }

    /** Servers that were dead, from either way of saying so. */
    BitSet dead() {
        BitSet dead = new BitSet();
        JsonNode list = row.config().path("dead");
        StreamSupport.stream(list.spliterator(), false).forEach(i -> dead.set(i.asInt()));
        if (row.json().has("down")) {
            dead.set(row.json().get("down").asInt());
        }
        return dead;
    }
}
