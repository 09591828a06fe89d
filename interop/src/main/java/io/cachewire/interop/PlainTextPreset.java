package io.cachewire.interop;

import io.cachewire.interop.PlainTextFormat.Booleans;
import io.cachewire.routing.LocatorFactory;
import io.cachewire.routing.RoutingPreset;

/** gomemcache and memjs: text and bytes without a type, under flags 0. */
public final class PlainTextPreset extends InteropPreset {
    static final PlainTextPreset GOMEMCACHE = new PlainTextPreset(RoutingPreset.GOMEMCACHE);
    static final PlainTextPreset MEMJS = new PlainTextPreset(RoutingPreset.MEMJS);

    private final RoutingPreset routing;

    private PlainTextPreset(RoutingPreset routing) {
        this.routing = routing;
    }

    @Override
    public LocatorFactory locator() {
        return routing;
    }

    @Override
    ForeignFormat format() {
        return new PlainTextFormat(Booleans.LOWER_CASE);
    }
}
