package io.cachewire.interop;

import io.cachewire.interop.Packing.Keep;
import io.cachewire.routing.CommonHash;
import io.cachewire.routing.HashFunction;
import io.cachewire.routing.LocatorFactory;
import io.cachewire.routing.PythonMemcachedLocator;

/**
 * python-memcached: buckets by 15 bits of the key's CRC-32. Text, bytes and integers of any size come as such, everything
 * else as a pickle. Text that releases before 1.59 wrote as bytes is read when a {@code String} is asked for.
 */
public final class PythonMemcachedPreset extends InteropPreset {
    static final PythonMemcachedPreset DEFAULT =
            new PythonMemcachedPreset(CommonHash.PYTHON_MEMCACHED, Packing.OFF);

    private final HashFunction hash;
    private final Packing packing;

    private PythonMemcachedPreset(HashFunction hash, Packing packing) {
        this.hash = hash;
        this.packing = packing;
    }

    /** Releases from 1.60 on, in which a hash of 0 stays 0. */
    public PythonMemcachedPreset since160() {
        return new PythonMemcachedPreset(CommonHash.CRC32_SLICE, packing);
    }

    /** {@code memcache.serverHashFunction}; {@link CommonHash#CRC32} is {@code useOldServerHashFunction()}. */
    public PythonMemcachedPreset serverHash(HashFunction function) {
        return new PythonMemcachedPreset(function, packing);
    }

    /**
     * Compression on writing; compressed values are read in any case.
     *
     * @param minCompressLen values longer than this are compressed
     */
    public PythonMemcachedPreset compressing(int minCompressLen) {
        return new PythonMemcachedPreset(
                hash, Packing.zlib(Packing.checkedLength(minCompressLen) + 1, Keep.SMALLER));
    }

    @Override
    public LocatorFactory locator() {
        return PythonMemcachedLocator.over(hash);
    }

    @Override
    ForeignFormat format() {
        return new PythonFormat(PythonFormat.Flavour.PYTHON_MEMCACHED, packing);
    }
}
