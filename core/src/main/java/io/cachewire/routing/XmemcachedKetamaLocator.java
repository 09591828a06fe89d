package io.cachewire.routing;

import io.cachewire.DataBlock;
import io.cachewire.ServerAddress;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * xmemcached's KetamaMemcachedSessionLocator. A key lives on the first point that is not below its hash. A server has
 * 160 points for each unit of weight, four to each MD5 of {@code node-j} with {@link JvmHash#KETAMA}, else the hash
 * of {@code node-j}. Several servers on one point are sorted by name, and the point modulo their number names the
 * owner.
 *
 * <p>What {@code node} is depends on the Java side's options: {@link NodeName#xmemcached},
 * {@link NodeName#xmemcachedNginx} or {@link NodeName#xmemcachedGwhalin} (which goes with {@link JvmHash#KETAMA}
 * only).
 *
 * <p>Key form: the key's UTF-8 bytes (UTF-16 units for the hashes that say so), as sent.
 *
 * <p>A server that is not connected leaves the ring: {@link LocatorFactory#ejecting}, unless the Java side is in
 * failure mode and loses its keys. Further choices, which xmemcached comes to hardly ever: one for each server; the
 * hash grows by that of the attempt's number, from 1, before the key (read in its source, not recorded).
 */
public final class XmemcachedKetamaLocator extends RingLocator {
    private static final int POINTS = 160;

    private XmemcachedKetamaLocator(Continuum ring, JvmHash hash) {
        super(ring, hash);
    }

    /** The rule with this hash and these node names; dead servers leave the ring. */
    public static LocatorFactory over(JvmHash hash, NodeName name) {
        LocatorFactory factory = servers -> new XmemcachedKetamaLocator(ring(servers, hash, name), hash);
        return factory.ejecting();
    }

    private static Continuum ring(List<ServerAddress> servers, JvmHash hash, NodeName name) {
        List<String> names = name.all(servers);
        Continuum.Ties byName = (point, nodes) -> IntStream.of(nodes)
                .boxed()
                .sorted(Comparator.comparing(names::get))
                .toList()
                .get(Integer.remainderUnsigned(point, nodes.length));
        Continuum.Builder ring = new Continuum.Builder(servers.size(), byName);
        for (int i = 0; i < servers.size(); i++) {
            SpymemcachedKetamaLocator.addPoints(
                    ring, i, names.get(i), hash, (long) POINTS * servers.get(i).weight());
        }
        return ring.build();
    }

    @Override
    int further(DataBlock routingKey, int attempt) {
        if (attempt > ring.nodeCount()) {
            return -1;
        }
        long h = keyHash.hash(routingKey);
        for (int t = 1; t <= attempt; t++) {
            h += keyHash.hash(Choices.numbered(t, routingKey));
        }
        return locateHash(h);
    }
}
