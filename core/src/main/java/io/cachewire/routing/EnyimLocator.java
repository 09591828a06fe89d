package io.cachewire.routing;

import io.cachewire.DataBlock;
import io.cachewire.ServerAddress;
import java.util.List;

/**
 * The rings of EnyimMemcached (.NET) and of moecache (Python), bugs included. Weights play no part; on equal points
 * the later server wins.
 *
 * <p>Look-up: the point equal to the hash, else the next above. But a hash below all points goes to the <em>last</em>
 * one, and a hash above all to the first.
 *
 * <p>{@link #moecache()} is moecache's only rule and Enyim's default: 100 points a server, FNV-1a of
 * {@code host:port-i}. The hash object forgets to set its offset before its first use, so a server's first point, and
 * every key, is hashed from 0 in place of 2166136261. Enyim writes the numeric address of a server, moecache the host
 * as given.
 *
 * <p>{@link #ketamaMd5()} and {@link #ketamaSha1()} are Enyim's Ketama locator: 160 points a server cut from digests
 * of {@code address:port-j}, keys by the first word.
 *
 * <p>Key form: UTF-8 bytes of the key as sent, after Enyim's key transformer if one is set. moecache has no prefix
 * and refuses keys that are not printable ASCII.
 *
 * <p>A dead node leaves the ring of {@link #moecache()} ({@link LocatorFactory#ejecting} is built in). The Ketama
 * locator asks as many further choices as there are servers: twice the hash of the attempt's number, from 0, before
 * the key (read in its source, not recorded).
 */
public final class EnyimLocator extends RingLocator {
    private static final int POINTS = 100;
    private static final int KETAMA_POINTS = 160;

    private final boolean rehashes;

    private EnyimLocator(Continuum ring, HashFunction keyHash, boolean rehashes) {
        super(ring, keyHash);
        this.rehashes = rehashes;
    }

    /** moecache, and Enyim's DefaultNodeLocator. */
    public static LocatorFactory moecache() {
        LocatorFactory factory =
                servers -> new EnyimLocator(defaultRing(servers), CommonHash.FNV1A_32_FROM_ZERO, false);
        return factory.ejecting();
    }

    /** Enyim's KetamaNodeLocator with its default hash. */
    public static LocatorFactory ketamaMd5() {
        return servers -> new EnyimLocator(ketamaRing(servers, Digests.MD5, 4), Digests.MD5::firstWord, true);
    }

    /** Enyim's KetamaNodeLocator with {@code sha1}. */
    public static LocatorFactory ketamaSha1() {
        return servers -> new EnyimLocator(ketamaRing(servers, Digests.SHA1, 5), Digests.SHA1::firstWord, true);
    }

    private static Continuum defaultRing(List<ServerAddress> servers) {
        Continuum.Builder ring = new Continuum.Builder(servers.size(), Continuum.Ties.LATER);
        for (int i = 0; i < servers.size(); i++) {
            String node = NodeName.HOST_PORT.of(servers.get(i));
            for (int j = 0; j < POINTS; j++) {
                ring.add(Fnv.fnv1a32(DataBlock.ofUtf8(node + "-" + j), j == 0 ? 0 : Fnv.OFFSET_32, 0xff), i);
            }
        }
        return ring.build();
    }

    private static Continuum ketamaRing(List<ServerAddress> servers, Digests digest, int words) {
        Continuum.Builder ring = new Continuum.Builder(servers.size(), Continuum.Ties.LATER);
        for (int i = 0; i < servers.size(); i++) {
            String node = NodeName.HOST_PORT.of(servers.get(i));
            for (int j = 0; j < KETAMA_POINTS / words; j++) {
                ring.addWords(digest.digest(node + "-" + j), words, i);
            }
        }
        return ring.build();
    }

    @Override
    int position(int hash) {
        return ring.swappedCeiling(hash);
    }

    @Override
    int further(DataBlock routingKey, int attempt) {
        if (!rehashes) {
            return super.further(routingKey, attempt);
        }
        return attempt <= ring.nodeCount()
                ? locateHash(2 * keyHash.hash(Choices.numbered(attempt - 1, routingKey)))
                : -1;
    }
}
