package io.cachewire.routing;

import io.cachewire.DataBlock;

/**
 * Perl's Cache::Memcached: 15 bits of the key's CRC-32 modulo buckets, each server as often as its weight. The first
 * choices are those of Cache::Memcached::Fast and of python-memcached (but for the keys whose 15 bits are 0 there).
 *
 * <p>Key form: the bytes without the {@code namespace}, which is sent and not hashed. A key given as
 * {@code [hash, key]} is an explicit hash.
 *
 * <p>Further choices: 19; the hash grows by that of the attempt's number, from 1, before the key. The same server may
 * come again. With {@code no_rehash} the Perl side asks none of them.
 */
public final class CacheMemcachedLocator implements NodeLocator {
    private static final int TRIES = 20;
    private static final HashFunction HASH = CommonHash.CRC32_SLICE;

    private final Buckets buckets;

    private CacheMemcachedLocator(Buckets buckets) {
        this.buckets = buckets;
    }

    /** The rule. */
    public static LocatorFactory factory() {
        return servers -> new CacheMemcachedLocator(Buckets.weighted(servers));
    }

    @Override
    public int locate(DataBlock routingKey) {
        return buckets.size() == 1 ? 0 : locateHash(HASH.hash(routingKey));
    }

    @Override
    public int locateHash(long hash) {
        return buckets.node(hash);
    }

    @Override
    public int locate(DataBlock routingKey, int attempt) {
        Choices.checkAttempt(attempt);
        if (attempt >= TRIES) {
            return -1;
        }
        long h = HASH.hash(routingKey);
        for (int t = 1; t <= attempt; t++) {
            h += HASH.hash(Choices.numbered(t, routingKey));
        }
        return buckets.node(h);
    }
}
