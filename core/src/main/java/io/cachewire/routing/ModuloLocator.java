package io.cachewire.routing;

import io.cachewire.DataBlock;
import io.cachewire.ServerAddress;
import java.util.List;
import java.util.function.Function;

/**
 * Hash modulo the number of servers, or of buckets when weights count. Only the order of the list matters, names and
 * ports do not; a list longer by one server moves almost every key.
 *
 * <p>This is libmemcached's modula (weights ignored, any {@link LibmemcachedHash}), gomemcache
 * ({@link CommonHash#CRC32}), memjs ({@link JvmHash#NATIVE_ABSOLUTE}), spymemcached's array locator (a
 * {@link JvmHash}) and xmemcached's (the same with weights).
 *
 * <p>Key form: libmemcached hashes the key without its prefix, the others know no prefix.
 *
 * <p>Further choices: the servers that follow in the list, round to the one before the first, as spymemcached and,
 * when told to, memjs do. libmemcached and gomemcache ask none of them. xmemcached goes to the next bucket only in
 * theory: see {@link LocatorFactory#ejecting}.
 */
public final class ModuloLocator implements NodeLocator {
    private final Buckets buckets;
    private final HashFunction hash;

    private ModuloLocator(Buckets buckets, HashFunction hash) {
        this.buckets = buckets;
        this.hash = hash;
    }

    /** One bucket a server, whatever its weight. */
    public static LocatorFactory over(HashFunction hash) {
        return factory(hash, Buckets::oneEach);
    }

    /** As many buckets a server as its weight. */
    public static LocatorFactory weighted(HashFunction hash) {
        return factory(hash, Buckets::weighted);
    }

    private static LocatorFactory factory(HashFunction hash, Function<List<ServerAddress>, Buckets> buckets) {
        return servers -> new ModuloLocator(buckets.apply(servers), hash);
    }

    @Override
    public int locate(DataBlock routingKey) {
        return buckets.size() == 1 ? 0 : locateHash(hash.hash(routingKey));
    }

    @Override
    public int locateHash(long hash) {
        return buckets.node(hash);
    }

    @Override
    public int locate(DataBlock routingKey, int attempt) {
        return following(locate(routingKey), attempt);
    }

    @Override
    public int locateHash(long hash, int attempt) {
        return following(locateHash(hash), attempt);
    }

    private int following(int node, int attempt) {
        Choices.checkAttempt(attempt);
        int nodes = buckets.nodeCount();
        return attempt >= nodes ? -1 : (int) (((long) node + attempt) % nodes);
    }
}
