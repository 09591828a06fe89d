package io.cachewire.routing;

import io.cachewire.DataBlock;
import java.nio.charset.StandardCharsets;

/**
 * python-memcached's buckets: each server as often as its weight, hash modulo their number. Names play no part, the
 * order does.
 *
 * <p>The hash is whatever the Python side set as {@code memcache.serverHashFunction}:
 * {@link CommonHash#PYTHON_MEMCACHED} up to 1.59, {@link CommonHash#CRC32_SLICE} from 1.60 on,
 * {@link CommonHash#CRC32} after {@code useOldServerHashFunction()}.
 *
 * <p>Key form: the key's UTF-8 bytes with the {@code key_prefix} of {@code set_multi} and {@code get_multi}. A key
 * given there as a pair {@code (hash, key)} is an explicit hash here; any number is right, Python's modulo is never
 * negative.
 *
 * <p>Further choices: nine, each the bucket of the hash of the digits of the last hash and of the attempt's number.
 * The same server may come again.
 */
public final class PythonMemcachedLocator implements NodeLocator {
    private static final int TRIES = 10;

    private final Buckets buckets;
    private final HashFunction hash;

    private PythonMemcachedLocator(Buckets buckets, HashFunction hash) {
        this.buckets = buckets;
        this.hash = hash;
    }

    /** The rule with this server hash function. */
    public static LocatorFactory over(HashFunction serverHash) {
        return servers -> new PythonMemcachedLocator(Buckets.weighted(servers), serverHash);
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
        return locateHash(hash.hash(routingKey), attempt);
    }

    @Override
    public int locateHash(long serverHash, int attempt) {
        Choices.checkAttempt(attempt);
        if (attempt >= TRIES) {
            return -1;
        }
        long h = serverHash;
        for (int t = 0; t < attempt; t++) {
            String digits = Long.toString(h) + t;
            h = hash.hash(DataBlock.wrap(digits.getBytes(StandardCharsets.US_ASCII)));
        }
        return buckets.node(h);
    }
}
