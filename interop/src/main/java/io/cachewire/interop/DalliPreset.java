package io.cachewire.interop;

import io.cachewire.KeyRewriting;
import io.cachewire.interop.DalliFormat.Serializer;
import io.cachewire.interop.Packing.Keep;
import io.cachewire.interop.Packing.Stream;
import io.cachewire.routing.LocatorFactory;
import io.cachewire.routing.RoutingPreset;
import io.cachewire.serde.Format;
import io.cachewire.serde.Serde;

/**
 * dalli. Its default serializer, Marshal, is for Ruby alone: such values are refused with that name, and values are
 * written as with {@code raw: true}, numbers as decimal text. With {@link #json()} on both sides everything is shared. The
 * namespace is hashed; give it with the colon that dalli puts behind it. Keys above 250 characters are shortened as dalli
 * does it.
 */
public final class DalliPreset extends InteropPreset {
    private static final int MIN_LENGTH = 4096;

    static final DalliPreset DEFAULT =
            new DalliPreset(Serializer.RAW, Packing.zlib(MIN_LENGTH, Keep.ALWAYS), UserSerdes.NONE);

    private final Serializer serializer;
    private final Packing packing;
    private final UserSerdes user;

    private DalliPreset(Serializer serializer, Packing packing, UserSerdes user) {
        this.serializer = serializer;
        this.packing = packing;
        this.user = user;
    }

    /** {@code serializer: JSON}: plain data as JSON. */
    public DalliPreset json() {
        return new DalliPreset(Serializer.JSON, packing, user);
    }

    /** The same, with a serde for classes of your own, a {@code JsonSerde} for example. */
    public DalliPreset json(Serde serde) {
        return new DalliPreset(Serializer.JSON, packing, user.with(Format.JSON, serde));
    }

    /** {@code compress: false}. Compressed values are read in any case. */
    public DalliPreset uncompressed() {
        return new DalliPreset(serializer, Packing.OFF, user);
    }

    /** {@code compression_min_size}, 4096 unless changed: the shortest value that is compressed. */
    public DalliPreset compressing(int minSize) {
        return new DalliPreset(
                serializer, new Packing(Packing.checkedLength(minSize), packing.stream(), Keep.ALWAYS, -1), user);
    }

    /** {@code compressor: Dalli::GzipCompressor}. */
    public DalliPreset gzip() {
        return new DalliPreset(serializer, new Packing(packing.minLength(), Stream.GZIP, Keep.ALWAYS, -1), user);
    }

    @Override
    public LocatorFactory locator() {
        return RoutingPreset.DALLI;
    }

    @Override
    ForeignFormat format() {
        return new DalliFormat(serializer, packing);
    }

    @Override
    UserSerdes userSerdes() {
        return user;
    }

    @Override
    KeyRewriting keyRewriting() {
        return ForeignKeys.DALLI;
    }
}
