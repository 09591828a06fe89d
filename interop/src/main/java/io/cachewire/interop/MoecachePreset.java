package io.cachewire.interop;

import io.cachewire.KeyEncoding;
import io.cachewire.routing.LocatorFactory;
import io.cachewire.routing.RoutingPreset;

/**
 * moecache: text has .NET's type code, everything else is a pickle under 256. Values of EnyimMemcached on the same servers
 * are read as well.
 */
public final class MoecachePreset extends InteropPreset {
    static final MoecachePreset DEFAULT = new MoecachePreset();

    private MoecachePreset() {}

    @Override
    public LocatorFactory locator() {
        return RoutingPreset.MOECACHE;
    }

    @Override
    ForeignFormat format() {
        return new DotNetFormat(DotNetFormat.Writer.MOECACHE);
    }

    @Override
    KeyEncoding keyEncoding() {
        return KeyEncoding.ASCII;
    }
}
