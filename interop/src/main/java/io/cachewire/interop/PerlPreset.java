package io.cachewire.interop;

import io.cachewire.NamespaceRouting;
import io.cachewire.interop.Packing.Keep;
import io.cachewire.routing.CacheMemcachedFastLocator;
import io.cachewire.routing.LocatorFactory;
import io.cachewire.routing.RoutingPreset;

/** Perl's Cache::Memcached, which does not hash a namespace, and Cache::Memcached::Fast, which does. */
public final class PerlPreset extends InteropPreset {
    static final PerlPreset CACHE_MEMCACHED =
            new PerlPreset(RoutingPreset.CACHE_MEMCACHED, NamespaceRouting.NOT_HASHED, Packing.OFF);
    static final PerlPreset CACHE_MEMCACHED_FAST =
            new PerlPreset(RoutingPreset.CACHE_MEMCACHED_FAST, NamespaceRouting.HASHED, Packing.OFF);

    private final LocatorFactory locator;
    private final NamespaceRouting namespace;
    private final Packing packing;

    private PerlPreset(LocatorFactory locator, NamespaceRouting namespace, Packing packing) {
        this.locator = locator;
        this.namespace = namespace;
        this.packing = packing;
    }

    /**
     * {@code ketama_points} of Cache::Memcached::Fast.
     *
     * @param points of a server of weight 1
     * @throws IllegalStateException for Cache::Memcached, which has no such thing
     */
    public PerlPreset ketamaPoints(int points) {
        if (namespace == NamespaceRouting.NOT_HASHED) {
            throw new IllegalStateException("Cache::Memcached has no ketama_points; Cache::Memcached::Fast has");
        }
        return new PerlPreset(CacheMemcachedFastLocator.ketama(points), namespace, packing);
    }

    /**
     * Compression on writing; compressed values are read in any case.
     *
     * @param threshold {@code compress_threshold}: the shortest value that is compressed
     */
    public PerlPreset compressing(int threshold) {
        return new PerlPreset(
                locator, namespace, Packing.gzip(Packing.checkedLength(threshold), Keep.UP_TO_80_PERCENT));
    }

    @Override
    public LocatorFactory locator() {
        return locator;
    }

    @Override
    ForeignFormat format() {
        return new PerlFormat(packing);
    }

    @Override
    NamespaceRouting namespaceRouting() {
        return namespace;
    }
}
