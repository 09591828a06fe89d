package io.cachewire.interop;

import io.cachewire.interop.Packing.Keep;
import io.cachewire.routing.LocatorFactory;
import io.cachewire.routing.RoutingPreset;
import io.cachewire.serde.Format;
import io.cachewire.serde.Serde;
import java.util.Objects;

/**
 * spymemcached: by default {@code String.hashCode} modulo the servers and its SerializingTranscoder, with gzip above 16384
 * bytes. Other objects of Java need a {@code JavaSerde}.
 */
public final class SpymemcachedPreset extends InteropPreset {
    private static final int MIN_LENGTH = 16385;

    static final SpymemcachedPreset DEFAULT = new SpymemcachedPreset(
            RoutingPreset.SPYMEMCACHED,
            Transcoder.SERIALIZING,
            new JvmOptions(
                    Packing.gzip(MIN_LENGTH, Keep.SMALLER),
                    JvmOptions.Json.NEVER_PACKED,
                    BigEndian.PACKED,
                    JvmOptions.Primitives.BINARY),
            UserSerdes.NONE);

    private final LocatorFactory locator;
    private final Transcoder transcoder;
    private final JvmOptions options;
    private final UserSerdes user;

    private SpymemcachedPreset(
            LocatorFactory locator, Transcoder transcoder, JvmOptions options, UserSerdes user) {
        this.locator = locator;
        this.transcoder = transcoder;
        this.options = options;
        this.user = user;
    }

    private SpymemcachedPreset with(Transcoder other) {
        return new SpymemcachedPreset(locator, other, options, user);
    }

    /** The consistent locator with {@code KETAMA_HASH}; the servers must be given by address. */
    public SpymemcachedPreset ketama() {
        return placing(RoutingPreset.SPYMEMCACHED_KETAMA);
    }

    /** The same with node keys of the format {@code LIBMEMCACHED}. */
    public SpymemcachedPreset ketamaLibmemcached() {
        return placing(RoutingPreset.SPYMEMCACHED_KETAMA_LIBMEMCACHED);
    }

    /** Another hash, or resolved names on the ring. */
    public SpymemcachedPreset placing(LocatorFactory rule) {
        return new SpymemcachedPreset(Objects.requireNonNull(rule, "rule"), transcoder, options, user);
    }

    /** Its WhalinTranscoder. */
    public SpymemcachedPreset whalin() {
        return with(Transcoder.WHALIN);
    }

    /** Its WhalinV1Transcoder. */
    public SpymemcachedPreset whalinV1() {
        return with(Transcoder.WHALIN_V1);
    }

    /** The compression threshold, 16384 unless changed: values longer than this are compressed. */
    public SpymemcachedPreset compressing(int threshold) {
        Packing packing = Packing.gzip(Packing.checkedLength(threshold) + 1, Keep.SMALLER);
        return new SpymemcachedPreset(locator, transcoder, options.with(packing), user);
    }

    /** A {@code JavaSerde} for other objects. */
    public SpymemcachedPreset javaSerialized(Serde serde) {
        return new SpymemcachedPreset(locator, transcoder, options, user.with(Format.JAVA, serde));
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
