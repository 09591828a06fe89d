package io.cachewire.routing;

import io.cachewire.DataBlock;
import io.cachewire.ServerAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The ring of spotify/folsom 1.21. A server has 100 points, a chain of MurmurHash3 with seed 0: first of
 * {@code host:port}, then each of the four bytes of the one before. A key lives on the first point not below its own
 * MurmurHash3; folsom takes both as signed, which on a circle comes to the same. On equal points the later server
 * wins. Weights play no part, hosts are written as given and not resolved.
 *
 * <p>Key form: the key's bytes (folsom's own default charset is UTF-8); this client knows no prefix.
 *
 * <p>Further choices: the nodes along the ring, each once.
 */
public final class FolsomLocator extends RingLocator {
    private static final int POINTS = 100;

    private FolsomLocator(Continuum ring) {
        super(ring, CommonHash.MURMUR3);
    }

    /** The rule. */
    public static LocatorFactory factory() {
        return servers -> new FolsomLocator(ring(servers));
    }

    private static Continuum ring(List<ServerAddress> servers) {
        Continuum.Builder ring = new Continuum.Builder(servers.size(), Continuum.Ties.LATER);
        for (int i = 0; i < servers.size(); i++) {
            String name = NodeName.HOST_PORT.of(servers.get(i));
            DataBlock link = DataBlock.wrap(name.getBytes(StandardCharsets.ISO_8859_1));
            for (int j = 0; j < POINTS; j++) {
                int point = Murmur.murmur3(link, 0);
                ring.add(point, i);
                link = DataBlock.wrap(
                        new byte[] {(byte) point, (byte) (point >>> 8), (byte) (point >>> 16), (byte) (point >>> 24)});
            }
        }
        return ring.build();
    }
}
