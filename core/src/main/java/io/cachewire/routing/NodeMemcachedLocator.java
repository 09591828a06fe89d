package io.cachewire.routing;

import io.cachewire.ServerAddress;
import java.util.List;

/**
 * The ring of memcached for Node.js (npm {@code memcached} 2.2 over {@code hashring} 3.2): 40 digests a server on
 * average by weight, rounded down, in {@code double}; four points to a digest, MD5 of {@code name-j}. With equal
 * weights it is libmemcached's weighted ring. A key lives on the first point not below the first word of its MD5; on
 * equal points the earlier server wins.
 *
 * <p>{@link #hashRing()} is the option {@code compatibility: "hash_ring"}: three points to a digest, and the port
 * always in the name.
 *
 * <p>Key form: what the JavaScript caller wrote, before that client's replacement patterns ({@code $$}, {@code $&})
 * change what is sent. A key above 250 characters is the hex MD5 of namespace and key, for placement too.
 *
 * <p>Further choices: the nodes along the ring, which the JavaScript side never asks. By default its keys are lost
 * while a server is down; with {@code remove: true} the server leaves the ring ({@link LocatorFactory#ejecting}).
 */
public final class NodeMemcachedLocator extends RingLocator {
    private static final int DIGESTS = 40;

    private NodeMemcachedLocator(Continuum ring) {
        super(ring, CommonHash.MD5);
    }

    /** The default. */
    public static LocatorFactory ketama() {
        return servers -> new NodeMemcachedLocator(ring(servers, NodeName.LIBMEMCACHED, 4));
    }

    /** The rule of {@code compatibility: "hash_ring"}. */
    public static LocatorFactory hashRing() {
        return servers -> new NodeMemcachedLocator(ring(servers, NodeName.HOST_PORT, 3));
    }

    private static Continuum ring(List<ServerAddress> servers, NodeName name, int words) {
        Continuum.Builder ring = new Continuum.Builder(servers.size(), Continuum.Ties.EARLIER);
        long sum = servers.stream().mapToLong(ServerAddress::weight).sum();
        for (int i = 0; i < servers.size(); i++) {
            double share = (double) servers.get(i).weight() / sum;
            int digests = (int) Math.floor(share * DIGESTS * servers.size());
            String node = name.of(servers.get(i));
            for (int j = 0; j < digests; j++) {
                ring.addWords(Digests.MD5.digest(node + "-" + j), words, i);
            }
        }
        return ring.build();
    }
}
