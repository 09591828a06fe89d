package io.cachewire.interop;

import io.cachewire.KeyRewriting;
import io.cachewire.routing.LocatorFactory;
import io.cachewire.routing.RoutingPreset;
import io.cachewire.serde.Format;
import io.cachewire.serde.Serde;

/**
 * memcached for Node.js (npm): its ketama ring; text, buffers and numbers as such, everything else as JSON. Keys
 * above 250 characters are sent as their MD5, and keys with a dollar sign as it expands them: as a replacement pattern. Those
 * that it cannot store, with {@code $`} or {@code $'}, are refused.
 */
public final class NodeMemcachedPreset extends InteropPreset {
    static final NodeMemcachedPreset DEFAULT = new NodeMemcachedPreset(RoutingPreset.NODE_MEMCACHED, UserSerdes.NONE);

    private final LocatorFactory locator;
    private final UserSerdes user;

    private NodeMemcachedPreset(LocatorFactory locator, UserSerdes user) {
        this.locator = locator;
        this.user = user;
    }

    /** {@code compatibility: "hash_ring"}. */
    public NodeMemcachedPreset hashRing() {
        return new NodeMemcachedPreset(RoutingPreset.NODE_MEMCACHED_HASH_RING, user);
    }

    /** A serde for classes of your own, a {@code JsonSerde} for example; plain data need none. */
    public NodeMemcachedPreset json(Serde serde) {
        return new NodeMemcachedPreset(locator, user.with(Format.JSON, serde));
    }

    @Override
    public LocatorFactory locator() {
        return locator;
    }

    @Override
    ForeignFormat format() {
        return NodeMemcachedFormat.INSTANCE;
    }

    @Override
    UserSerdes userSerdes() {
        return user;
    }

    @Override
    KeyRewriting keyRewriting() {
        return ForeignKeys.NODE_MEMCACHED;
    }
}
