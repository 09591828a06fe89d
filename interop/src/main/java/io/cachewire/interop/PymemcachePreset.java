package io.cachewire.interop;

import io.cachewire.KeyEncoding;
import io.cachewire.NamespaceRouting;
import io.cachewire.interop.Packing.Keep;
import io.cachewire.routing.LocatorFactory;
import io.cachewire.routing.RoutingPreset;
import io.cachewire.serde.Format;
import io.cachewire.serde.Serde;

/**
 * pymemcache's {@code HashClient}: rendezvous of the servers. By default without a serde, where everything is text or bytes
 * without a type; {@link #pickle}, {@link #compressed} and {@link #json} are its serdes. A prefix is not hashed.
 */
public final class PymemcachePreset extends InteropPreset {
    static final PymemcachePreset DEFAULT = new PymemcachePreset(
            new PlainTextFormat(PlainTextFormat.Booleans.PYTHON), RoutingPreset.PYMEMCACHE, KeyEncoding.ASCII, UserSerdes.NONE);

    private final ForeignFormat format;
    private final RoutingPreset routing;
    private final KeyEncoding keys;
    private final UserSerdes user;

    private PymemcachePreset(ForeignFormat format, RoutingPreset routing, KeyEncoding keys, UserSerdes user) {
        this.format = format;
        this.routing = routing;
        this.keys = keys;
        this.user = user;
    }

    /** {@code serde.PickleSerde} or {@code serde.python_memcache_serializer}, which is compatible with python-memcached. */
    public PymemcachePreset pickle() {
        return with(new PythonFormat(PythonFormat.Flavour.PYMEMCACHE, Packing.OFF));
    }

    /** {@code serde.compressed_serde} of pymemcache 4: the same, and zlib above 400 bytes. */
    public PymemcachePreset compressed() {
        return with(new PythonFormat(PythonFormat.Flavour.PYMEMCACHE, Packing.zlib(401, Keep.NOT_LARGER)));
    }

    /** The serializer of pymemcache's documentation: text has flag 1, everything else is JSON with flag 2. */
    public PymemcachePreset json() {
        return with(JsonFormat.PYMEMCACHE);
    }

    /** The same, with a serde for classes of your own, a {@code JsonSerde} for example. */
    public PymemcachePreset json(Serde serde) {
        return new PymemcachePreset(JsonFormat.PYMEMCACHE, routing, keys, user.with(Format.JSON, serde));
    }

    /** For a program that gives its keys as Python {@code bytes}, which live on other servers. */
    public PymemcachePreset bytesKeys() {
        return new PymemcachePreset(format, RoutingPreset.PYMEMCACHE_BYTES, keys, user);
    }

    /** {@code allow_unicode_keys}. */
    public PymemcachePreset unicodeKeys() {
        return new PymemcachePreset(format, routing, KeyEncoding.UTF8, user);
    }

    private PymemcachePreset with(ForeignFormat other) {
        return new PymemcachePreset(other, routing, keys, user);
    }

    @Override
    public LocatorFactory locator() {
        return routing;
    }

    @Override
    ForeignFormat format() {
        return format;
    }

    @Override
    UserSerdes userSerdes() {
        return user;
    }

    @Override
    KeyEncoding keyEncoding() {
        return keys;
    }

    @Override
    NamespaceRouting namespaceRouting() {
        return NamespaceRouting.NOT_HASHED;
    }
}
