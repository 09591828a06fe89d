package io.cachewire.interop;

import io.cachewire.interop.Packing.Keep;
import io.cachewire.interop.Packing.Stream;
import io.cachewire.routing.HashFunction;
import io.cachewire.routing.KetamaLocator;
import io.cachewire.routing.LibmemcachedHash;
import io.cachewire.routing.LocatorFactory;
import io.cachewire.routing.ModuloLocator;
import java.util.Objects;

/**
 * pylibmc: by default the key's one-at-a-time hash modulo the servers, as with no behaviours set. Text, bytes, integers of
 * any size and truth values come as such, everything else as a pickle. A {@code key_prefix} is part of the key.
 */
public final class PylibmcPreset extends InteropPreset {
    static final PylibmcPreset DEFAULT =
            new PylibmcPreset(Distribution.MODULA, LibmemcachedHash.DEFAULT, Packing.OFF);

    private enum Distribution {
        MODULA,
        KETAMA,
        KETAMA_WEIGHTED
    }

    private final Distribution distribution;
    private final HashFunction hash;
    private final Packing packing;

    private PylibmcPreset(Distribution distribution, HashFunction hash, Packing packing) {
        this.distribution = distribution;
        this.hash = hash;
        this.packing = packing;
    }

    /** The behaviour {@code ketama}, given to the constructor. Set later, it ignores weights: {@code LIBMEMCACHED_KETAMA}. */
    public PylibmcPreset ketama() {
        return new PylibmcPreset(Distribution.KETAMA, hash, packing);
    }

    /** The behaviour {@code ketama_weighted}, whatever {@code hash} says. */
    public PylibmcPreset ketamaWeighted() {
        return new PylibmcPreset(Distribution.KETAMA_WEIGHTED, hash, packing);
    }

    /** The behaviour {@code hash}. */
    public PylibmcPreset hash(HashFunction function) {
        return new PylibmcPreset(distribution, Objects.requireNonNull(function, "function"), packing);
    }

    /**
     * Compression on writing, as {@code min_compress_len} turns it on; compressed values are read in any case.
     *
     * @param minLength the shortest value that is compressed
     */
    public PylibmcPreset compressing(int minLength) {
        return new PylibmcPreset(
                distribution, hash, new Packing(Packing.checkedLength(minLength), Stream.ZLIB, Keep.SMALLER, -1));
    }

    @Override
    public LocatorFactory locator() {
        return switch (distribution) {
            case MODULA -> ModuloLocator.over(hash);
            case KETAMA -> KetamaLocator.mixed(hash);
            case KETAMA_WEIGHTED -> KetamaLocator.weighted();
        };
    }

    @Override
    ForeignFormat format() {
        return new PythonFormat(PythonFormat.Flavour.PYLIBMC, packing);
    }
}
