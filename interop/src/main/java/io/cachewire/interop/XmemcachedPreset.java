package io.cachewire.interop;

import io.cachewire.interop.Packing.Keep;
import io.cachewire.interop.Packing.Stream;
import io.cachewire.routing.LocatorFactory;
import io.cachewire.routing.RoutingPreset;
import io.cachewire.serde.Format;
import io.cachewire.serde.Serde;
import java.util.Objects;

/**
 * xmemcached: by default {@code String.hashCode} modulo buckets and its SerializingTranscoder, with gzip above 16384 bytes.
 * Other objects of Java need a {@code JavaSerde}.
 */
public final class XmemcachedPreset extends InteropPreset {
    private static final int MIN_LENGTH = 16385;

    static final XmemcachedPreset DEFAULT = new XmemcachedPreset(
            RoutingPreset.XMEMCACHED,
            Transcoder.SERIALIZING,
            new JvmOptions(
                    Packing.gzip(MIN_LENGTH, Keep.SMALLER),
                    JvmOptions.Json.PACKED,
                    BigEndian.PACKED,
                    JvmOptions.Primitives.BINARY),
            UserSerdes.NONE);

    private final LocatorFactory locator;
    private final Transcoder transcoder;
    private final JvmOptions options;
    private final UserSerdes user;

    private XmemcachedPreset(LocatorFactory locator, Transcoder transcoder, JvmOptions options, UserSerdes user) {
        this.locator = locator;
        this.transcoder = transcoder;
        this.options = options;
        this.user = user;
    }

    private XmemcachedPreset with(Transcoder other) {
        return new XmemcachedPreset(locator, other, options, user);
    }

    private XmemcachedPreset with(JvmOptions other) {
        return new XmemcachedPreset(locator, transcoder, other, user);
    }

    /** The ketama locator; the servers must be given by addresses that have no name. */
    public XmemcachedPreset ketama() {
        return placing(RoutingPreset.XMEMCACHED_KETAMA);
    }

    /** The ketama locator with {@code cwNginxUpstreamConsistent}. */
    public XmemcachedPreset ketamaNginx() {
        return placing(RoutingPreset.XMEMCACHED_KETAMA_NGINX);
    }

    /** Another locator or hash, or resolved names on the ring. */
    public XmemcachedPreset placing(LocatorFactory rule) {
        return new XmemcachedPreset(Objects.requireNonNull(rule, "rule"), transcoder, options, user);
    }

    /** Its WhalinTranscoder. */
    public XmemcachedPreset whalin() {
        return with(Transcoder.WHALIN);
    }

    /** Its WhalinV1Transcoder. */
    public XmemcachedPreset whalinV1() {
        return with(Transcoder.WHALIN_V1);
    }

    /** The compression threshold, 16384 unless changed: values longer than this are compressed. */
    public XmemcachedPreset compressing(int threshold) {
        Packing now = options.packing();
        return with(options.with(
                new Packing(Packing.checkedLength(threshold) + 1, now.stream(), now.keep(), now.level())));
    }

    /** {@code CompressionMode.ZIP}: zlib in place of gzip. Both are read in any case. */
    public XmemcachedPreset zip() {
        return with(options.with(new Packing(options.packing().minLength(), Stream.ZLIB, Keep.SMALLER, -1)));
    }

    /** {@code setPackZeros(false)}: numbers of full width. Both are read in any case. */
    public XmemcachedPreset unpackedZeros() {
        return with(new JvmOptions(options.packing(), options.json(), BigEndian.FIXED, options.primitives()));
    }

    /** {@code setPrimitiveAsString(true)}: numbers and truth values as text without a type. */
    public XmemcachedPreset primitivesAsText() {
        return with(
                new JvmOptions(options.packing(), options.json(), options.numbers(), JvmOptions.Primitives.TEXT));
    }

    /** A {@code JavaSerde} for other objects. */
    public XmemcachedPreset javaSerialized(Serde serde) {
        return new XmemcachedPreset(locator, transcoder, options, user.with(Format.JAVA, serde));
    }

    @Override
    public LocatorFactory locator() {
        return locator;
    }

    @Override
    ForeignFormat format() {
        return transcoder.format(options);
    }

    @Override
    UserSerdes userSerdes() {
        return user;
    }
}
