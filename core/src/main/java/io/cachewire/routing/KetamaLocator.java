package io.cachewire.routing;

import io.cachewire.DataBlock;
import io.cachewire.ServerAddress;
import java.util.List;

/**
 * The rings of libmemcached 1.1, which pylibmc and php-memcached use, too. {@link #weighted()} is what this client
 * does when nothing is set: libmemcached's {@code ketama_weighted}, php-memcached's {@code OPT_LIBKETAMA_COMPATIBLE}.
 *
 * <p>A key lives on the first point that is not below its hash. The weighted ring has 160 points a server on average,
 * four to each MD5 of {@code name-j}; shares are computed in {@code float}, as libmemcached does, for in
 * {@code double} some weights give other counts. The unweighted one ({@code consistent} and {@code ketama} are the
 * same) has 100, each the <em>key's</em> hash of {@code name-i}, and takes no notice of weights. On equal points the
 * server earlier in the list wins.
 *
 * <p>Key form: the key's bytes as sent, without the prefix: libmemcached hashes it only when HASH_WITH_PREFIX_KEY is
 * set.
 *
 * <p>Further choices: the nodes along the ring, each once. libmemcached by itself asks none of them, the key is lost
 * until the server is back; with {@code remove_failed} or {@code auto_eject} it builds the ring of the live servers,
 * which is {@link LocatorFactory#ejecting}.
 */
public final class KetamaLocator extends RingLocator {
    private static final int POINTS = 100;
    private static final int WEIGHTED_POINTS = 160;
    private static final int WORDS = 4;

    private KetamaLocator(Continuum ring, HashFunction keyHash) {
        super(ring, keyHash);
    }

    /** The weighted ring with MD5 for keys. */
    public static LocatorFactory weighted() {
        return weighted(LibmemcachedHash.MD5);
    }

    /** The weighted ring, always of MD5 points, with another hash for keys. */
    public static LocatorFactory weighted(HashFunction keyHash) {
        return weighted(keyHash, NodeName.LIBMEMCACHED);
    }

    /** The weighted ring over other node names. */
    public static LocatorFactory weighted(HashFunction keyHash, NodeName name) {
        return servers -> new KetamaLocator(weightedRing(servers, name, Continuum.Ties.EARLIER), keyHash);
    }

    /** The unweighted ring: one hash for points and keys. */
    public static LocatorFactory unweighted(HashFunction hash) {
        return unweighted(hash, NodeName.LIBMEMCACHED);
    }

    /** The unweighted ring over other node names. */
    public static LocatorFactory unweighted(HashFunction hash, NodeName name) {
        return servers -> {
            Continuum.Builder ring = new Continuum.Builder(servers.size(), Continuum.Ties.EARLIER);
            for (int i = 0; i < servers.size(); i++) {
                String node = name.of(servers.get(i));
                for (int j = 0; j < POINTS; j++) {
                    ring.add((int) hash.hash(DataBlock.ofUtf8(node + "-" + j)), i);
                }
            }
            return new KetamaLocator(ring.build(), hash);
        };
    }

    /**
     * The ring that libmemcached comes to when {@code ketama} or {@code consistent} is set before the servers are
     * added: with a weight above 1 the points are those of {@link #weighted()} while keys keep their hash, else it is
     * {@link #unweighted}. pylibmc's {@code {"ketama": True}} is this one.
     */
    public static LocatorFactory mixed(HashFunction hash) {
        return mixed(hash, NodeName.LIBMEMCACHED);
    }

    /** The mixed ring over other node names. */
    public static LocatorFactory mixed(HashFunction hash, NodeName name) {
        LocatorFactory weighted = weighted(hash, name);
        LocatorFactory unweighted = unweighted(hash, name);
        return servers -> (servers.stream().anyMatch(s -> s.weight() > 1) ? weighted : unweighted).build(servers);
    }

    /** The ring of shares, which spymemcached computes in the same way. */
    static Continuum weightedRing(List<ServerAddress> servers, NodeName name, Continuum.Ties ties) {
        Continuum.Builder ring = new Continuum.Builder(servers.size(), ties);
        long sum = servers.stream().mapToLong(ServerAddress::weight).sum();
        for (int i = 0; i < servers.size(); i++) {
            ServerAddress server = servers.get(i);
            String node = name.of(server);
            int digests = digests(server.weight(), sum, servers.size());
            for (int j = 0; j < digests; j++) {
                ring.addWords(Digests.MD5.digest(node + "-" + j), WORDS, i);
            }
        }
        return ring.build();
    }

    private static int digests(int weight, long sum, int servers) {
        // every step rounds to float; only the small addend is a double, and its sum is rounded again
        float share = (float) weight / (float) sum;
        float product = share * WEIGHTED_POINTS / WORDS * servers;
        return (int) Math.floor((float) (product + 0.0000000001));
    }
}
