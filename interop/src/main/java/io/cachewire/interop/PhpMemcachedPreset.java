package io.cachewire.interop;

import io.cachewire.KeyEncoding;
import io.cachewire.NamespaceRouting;
import io.cachewire.interop.PhpFormat.Compression;
import io.cachewire.interop.PhpFormat.Serializer;
import io.cachewire.routing.LibmemcachedHash;
import io.cachewire.routing.LocatorFactory;
import io.cachewire.routing.RoutingPreset;
import io.cachewire.serde.Format;
import io.cachewire.serde.Serde;

/**
 * php-memcached: by default the one-at-a-time hash modulo the servers, PHP's own serialization for arrays, fastlz above
 * 2000 bytes. Values of the igbinary and msgpack serializers are refused with their names. {@code OPT_PREFIX_KEY} is not
 * hashed.
 */
public final class PhpMemcachedPreset extends InteropPreset {
    static final PhpMemcachedPreset DEFAULT = new PhpMemcachedPreset(
            RoutingPreset.LIBMEMCACHED, Serializer.PHP, Compression.FASTLZ, KeyEncoding.ASCII, UserSerdes.NONE);

    private final LocatorFactory locator;
    private final Serializer serializer;
    private final Compression compression;
    private final KeyEncoding keyEncoding;
    private final UserSerdes user;

    private PhpMemcachedPreset(
            LocatorFactory locator,
            Serializer serializer,
            Compression compression,
            KeyEncoding keyEncoding,
            UserSerdes user) {
        this.locator = locator;
        this.serializer = serializer;
        this.compression = compression;
        this.keyEncoding = keyEncoding;
        this.user = user;
    }

    private PhpMemcachedPreset with(LocatorFactory other) {
        return new PhpMemcachedPreset(other, serializer, compression, keyEncoding, user);
    }

    private PhpMemcachedPreset with(Compression other) {
        return new PhpMemcachedPreset(locator, serializer, other, keyEncoding, user);
    }

    private PhpMemcachedPreset asJson(UserSerdes others) {
        return new PhpMemcachedPreset(locator, Serializer.JSON, compression, keyEncoding, others);
    }

    /** {@code OPT_LIBKETAMA_COMPATIBLE}. */
    public PhpMemcachedPreset libketamaCompatible() {
        return with(RoutingPreset.LIBMEMCACHED_KETAMA_WEIGHTED);
    }

    /** {@code OPT_DISTRIBUTION} of {@code DISTRIBUTION_CONSISTENT}, set before the servers are added. */
    public PhpMemcachedPreset consistent() {
        return with(RoutingPreset.LIBMEMCACHED_KETAMA_MIXED);
    }

    /** Another {@code OPT_HASH}, or options set after the servers: a locator of libmemcached, see {@link LibmemcachedHash}. */
    public PhpMemcachedPreset placing(LocatorFactory rule) {
        return with(rule);
    }

    /**
     * {@code SERIALIZER_JSON_ARRAY}: arrays as JSON. With {@code SERIALIZER_JSON} PHP writes the same bytes, and gets objects of
     * {@code stdClass} where a map was stored. JSON is read in any case.
     */
    public PhpMemcachedPreset json() {
        return asJson(user);
    }

    /** The same, with a serde for classes of your own, a {@code JsonSerde} for example. */
    public PhpMemcachedPreset json(Serde serde) {
        return asJson(user.with(Format.JSON, serde));
    }

    /** {@code OPT_COMPRESSION_TYPE} of {@code COMPRESSION_ZLIB}. Both kinds are read in any case. */
    public PhpMemcachedPreset zlib() {
        return with(Compression.ZLIB);
    }

    /** {@code OPT_COMPRESSION} off, which PHP needs for appending. */
    public PhpMemcachedPreset uncompressed() {
        return with(Compression.NONE);
    }

    /**
     * {@code OPT_BINARY_PROTOCOL} on, where PHP takes keys in UTF-8; on the text protocol, its default, it refuses them. Keys with
     * blanks, which it then takes as well, are refused here.
     */
    public PhpMemcachedPreset unicodeKeys() {
        return new PhpMemcachedPreset(locator, serializer, compression, KeyEncoding.UTF8, user);
    }

    @Override
    public LocatorFactory locator() {
        return locator;
    }

    @Override
    ForeignFormat format() {
        return new PhpFormat(serializer, compression);
    }

    @Override
    UserSerdes userSerdes() {
        return user;
    }

    @Override
    KeyEncoding keyEncoding() {
        return keyEncoding;
    }

    @Override
    NamespaceRouting namespaceRouting() {
        return NamespaceRouting.NOT_HASHED;
    }
}
