package io.cachewire.routing;

import io.cachewire.DataBlock;
import io.cachewire.ServerAddress;
import java.util.List;

/**
 * The ring of Ruby's dalli (3.0 run, 5.0 read; the same).
 *
 * <p>Of 160 points for each of n servers every server gets its share by weight, rounded down, in {@code double}. A
 * point is the first four bytes, <em>most</em> significant first, of SHA-1 of {@code host:port:j}. A key lives on the
 * <em>last</em> point not above its CRC-32; on equal points the later server wins. One server alone gets everything.
 *
 * <p>Key form: the bytes that are sent: namespace, colon, key, and when that has more than 250 characters the
 * shortened form with {@code :md5:}.
 *
 * <p>Further choices: 19; the hash of the attempt's number, from 0, before the key. The same server may come again.
 */
public final class DalliLocator extends RingLocator {
    private static final int POINTS = 160;
    private static final int TRIES = 20;

    private DalliLocator(Continuum ring) {
        super(ring, CommonHash.CRC32);
    }

    /** The rule. */
    public static LocatorFactory factory() {
        return servers -> new DalliLocator(ring(servers));
    }

    private static Continuum ring(List<ServerAddress> servers) {
        Continuum.Builder ring = new Continuum.Builder(servers.size(), Continuum.Ties.LATER);
        long sum = servers.stream().mapToLong(ServerAddress::weight).sum();
        for (int i = 0; i < servers.size(); i++) {
            ServerAddress server = servers.get(i);
            int points = (int) ((long) servers.size() * POINTS * server.weight() / (double) sum);
            String node = NodeName.HOST_PORT.of(server);
            for (int j = 0; j < points; j++) {
                ring.add(Integer.reverseBytes(Digests.word(Digests.SHA1.digest(node + ":" + j), 0)), i);
            }
        }
        return ring.build();
    }

    @Override
    int position(int hash) {
        return ring.floor(hash);
    }

    @Override
    int further(DataBlock routingKey, int attempt) {
        return attempt < TRIES ? locateHash(keyHash.hash(Choices.numbered(attempt - 1, routingKey))) : -1;
    }
}
