package io.cachewire.routing;

import io.cachewire.DataBlock;
import io.cachewire.ServerAddress;
import java.util.List;

/**
 * spymemcached's KetamaNodeLocator. A key lives on the first of 160 points a server that is not below its hash; on
 * equal points the later server wins.
 *
 * <p>With {@link JvmHash#KETAMA} the points are the four words of MD5 of {@code node-j}, j = 0 to 39; with another
 * hash they are that of {@code node-j}, j = 0 to 159. When some weight is not 1 the points are shared out as on
 * libmemcached's weighted ring, in {@code float}; spymemcached itself takes weights through a constructor only. What
 * {@code node} is depends on the key format of the Java side: {@link NodeName#spymemcached} or
 * {@link NodeName#spymemcachedLibmemcached}.
 *
 * <p>Key form: the key's UTF-8 bytes (UTF-16 units for the hashes that say so); this client knows no prefix.
 *
 * <p>Further choices: six; the hash grows by that of the attempt's number, from 0, before the key. The same server
 * may come again. Before a server is connected for the first time spymemcached, too, sends its keys to the next
 * choice.
 */
public final class SpymemcachedKetamaLocator extends RingLocator {
    private static final int POINTS = 160;
    private static final int WORDS = 4;
    private static final int TRIES = 7;

    private SpymemcachedKetamaLocator(Continuum ring, HashFunction hash) {
        super(ring, hash);
    }

    /** The rule with this hash and these node names. */
    public static LocatorFactory over(JvmHash hash, NodeName name) {
        return servers -> new SpymemcachedKetamaLocator(ring(servers, hash, name), hash);
    }

    private static Continuum ring(List<ServerAddress> servers, JvmHash hash, NodeName name) {
        if (hash == JvmHash.KETAMA && servers.stream().anyMatch(s -> s.weight() != 1)) {
            return KetamaLocator.weightedRing(servers, name, Continuum.Ties.LATER);
        }
        Continuum.Builder ring = new Continuum.Builder(servers.size(), Continuum.Ties.LATER);
        for (int i = 0; i < servers.size(); i++) {
            addPoints(ring, i, name.of(servers.get(i)), hash, POINTS);
        }
        return ring.build();
    }

    /** The points of one node; xmemcached has the same ones under other names. */
    static void addPoints(Continuum.Builder ring, int node, String name, JvmHash hash, long points) {
        if (hash == JvmHash.KETAMA) {
            for (long j = 0; j < points / WORDS; j++) {
                ring.addWords(Digests.MD5.digest(name + "-" + j), WORDS, node);
            }
        } else {
            for (long j = 0; j < points; j++) {
                ring.add((int) hash.hash(DataBlock.ofUtf8(name + "-" + j)), node);
            }
        }
    }

    @Override
    int further(DataBlock routingKey, int attempt) {
        if (attempt >= TRIES) {
            return -1;
        }
        long h = keyHash.hash(routingKey);
        for (int t = 0; t < attempt; t++) {
            h += keyHash.hash(Choices.numbered(t, routingKey));
        }
        return locateHash(h);
    }
}
