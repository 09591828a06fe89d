package io.cachewire.interop;

import io.cachewire.routing.EnyimLocator;
import io.cachewire.routing.LocatorFactory;
import io.cachewire.routing.RoutingPreset;

/**
 * EnyimMemcached for .NET, its default locator and default transcoder: text, bytes, truth values, characters, numbers and
 * dates under .NET's type codes. The servers must be given by address.
 */
public final class EnyimPreset extends InteropPreset {
    static final EnyimPreset DEFAULT = new EnyimPreset(RoutingPreset.MOECACHE);

    private final LocatorFactory locator;

    private EnyimPreset(LocatorFactory locator) {
        this.locator = locator;
    }

    /** Its Ketama locator with MD5. */
    public EnyimPreset ketama() {
        return new EnyimPreset(RoutingPreset.ENYIM_KETAMA);
    }

    /** Its Ketama locator with SHA-1. */
    public EnyimPreset ketamaSha1() {
        return new EnyimPreset(EnyimLocator.ketamaSha1());
    }

    @Override
    public LocatorFactory locator() {
        return locator;
    }

    @Override
    ForeignFormat format() {
        return new DotNetFormat(DotNetFormat.Writer.ENYIM);
    }
}
