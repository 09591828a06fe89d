package io.cachewire.routing;

import io.cachewire.DataBlock;
import io.cachewire.ServerAddress;
import java.nio.charset.StandardCharsets;

/**
 * The ring of Perl's Cache::Memcached::Fast when {@code ketama_points} is set; without that option it is
 * {@link ModuloLocator#weighted} over {@link CommonHash#CRC32_SLICE}.
 *
 * <p>A server has {@code ketama_points} points for each unit of weight. They are a chain: the CRC-32 of host, a NUL
 * and port, continued over the point before, least significant byte first, the first of all over 0. A key lives on
 * the first point not below the whole CRC-32 of its bytes; on equal points the server earlier in the list wins.
 *
 * <p>Key form: the bytes <em>with</em> the {@code namespace}, unlike Cache::Memcached.
 *
 * <p>Further choices: the nodes along the ring, which the Perl side never asks: its keys are lost while a server is
 * down.
 */
public final class CacheMemcachedFastLocator extends RingLocator {
    private CacheMemcachedFastLocator(Continuum ring) {
        super(ring, CommonHash.CRC32);
    }

    /** The rule with this many points for a weight of 1. */
    public static LocatorFactory ketama(int points) {
        if (points < 1) {
            throw new IllegalArgumentException("ketama_points " + points + " is below 1");
        }
        return servers -> {
            Continuum.Builder ring = new Continuum.Builder(servers.size(), Continuum.Ties.EARLIER);
            for (int i = 0; i < servers.size(); i++) {
                ServerAddress server = servers.get(i);
                int base = Crc32.of(DataBlock.wrap(name(server).getBytes(StandardCharsets.UTF_8)));
                int point = 0;
                for (long j = (long) points * server.weight(); j > 0; j--) {
                    point = Crc32.continued(base, bytes(point));
                    ring.add(point, i);
                }
            }
            return new CacheMemcachedFastLocator(ring.build());
        };
    }

    private static String name(ServerAddress server) {
        return server.isUnix() ? server.host() + "\0" : server.host() + "\0" + server.port();
    }

    private static DataBlock bytes(int word) {
        return DataBlock.wrap(
                new byte[] {(byte) word, (byte) (word >>> 8), (byte) (word >>> 16), (byte) (word >>> 24)});
    }
}
