package io.cachewire.routing;

import io.cachewire.ServerAddress;
import java.util.BitSet;
import java.util.List;

/**
 * The placement rules of known clients, each named after the client whose items it finds. A preset decides places only; values, flags and
 * key prefixes are other settings. Each rule is described at its locator, the measured agreement in {@code docs/routing.md}.
 */
public enum RoutingPreset implements LocatorFactory {
    /**
     * libmemcached's {@code ketama_weighted}, php-memcached's {@code OPT_LIBKETAMA_COMPATIBLE}, memcached (npm) with equal weights; what
     * this client does unless told otherwise.
     */
    LIBMEMCACHED_KETAMA_WEIGHTED(KetamaLocator.weighted()),
    /** libmemcached, pylibmc and php-memcached with nothing set: modula over one-at-a-time, weights ignored. */
    LIBMEMCACHED(ModuloLocator.over(LibmemcachedHash.DEFAULT)),
    /** libmemcached's {@code consistent} or {@code ketama}, set when the servers are already there: weights ignored. */
    LIBMEMCACHED_KETAMA(KetamaLocator.unweighted(LibmemcachedHash.DEFAULT)),
    /** The same, set before the servers are added: pylibmc's {@code {"ketama": True}}, php-memcached's usual order. */
    LIBMEMCACHED_KETAMA_MIXED(KetamaLocator.mixed(LibmemcachedHash.DEFAULT)),
    /** pymemcache's HashClient, keys given as {@code str}. */
    PYMEMCACHE(RendezvousLocator.pymemcache()),
    /** pymemcache's HashClient, keys given as {@code bytes}. */
    PYMEMCACHE_BYTES(RendezvousLocator.pymemcacheBytes());

    /** What this client does unless told otherwise. */
    public static final RoutingPreset DEFAULT = LIBMEMCACHED_KETAMA_WEIGHTED;

    private final LocatorFactory rule;

    RoutingPreset(LocatorFactory rule) {
        this.rule = rule;
    }

    @Override
    public NodeLocator build(List<ServerAddress> servers) {
        return rule.build(servers);
    }

    @Override
    public NodeLocator build(List<ServerAddress> servers, BitSet down) {
        return rule.build(servers, down);
    }
}
