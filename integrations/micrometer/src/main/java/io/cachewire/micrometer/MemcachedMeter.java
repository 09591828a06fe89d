package io.cachewire.micrometer;

import io.micrometer.common.docs.KeyName;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.docs.MeterDocumentation;
import org.jspecify.annotations.Nullable;

/** The meters of a client. */
public enum MemcachedMeter implements MeterDocumentation {
    /** How long calls took, from their start to the taking of their result. */
    OPERATION("memcached.client.operation", Meter.Type.TIMER, null, Tag.OPERATION, Tag.SERVER, Tag.OUTCOME, Tag.ERROR),
    /** Requests that were sent again. */
    RETRIES("memcached.client.retries", Meter.Type.COUNTER, null),
    /** Bytes of values, encoded, that were sent and received. */
    BYTES("memcached.client.bytes", Meter.Type.COUNTER, "bytes", Tag.SERVER, Tag.DIRECTION),
    /** Connections that were made in the place of one that was lost. */
    RECONNECTS("memcached.client.reconnects", Meter.Type.COUNTER, null, Tag.SERVER),
    /** Connections that are open, and attempts to connect. */
    CONNECTIONS("memcached.client.connections", Meter.Type.GAUGE, null, Tag.SERVER, Tag.STATE),
    /** Requests that wait to be written or answered. */
    PENDING("memcached.client.pending", Meter.Type.GAUGE, null, Tag.SERVER),
    /** What these requests take. */
    PENDING_BYTES("memcached.client.pending.bytes", Meter.Type.GAUGE, "bytes", Tag.SERVER);

    private final String name;
    private final Meter.Type type;
    private final @Nullable String unit;
    private final Tag[] tags;

    MemcachedMeter(String name, Meter.Type type, @Nullable String unit, Tag... tags) {
        this.name = name;
        this.type = type;
        this.unit = unit;
        this.tags = tags;
    }

    @Override
    public String getName() {
        return name;
    }

    @Override
    public Meter.Type getType() {
        return type;
    }

    @Override
    @SuppressWarnings("NullAway") // null for a meter without a unit
    public @Nullable String getBaseUnit() {
        return unit;
    }

    @Override
    public KeyName[] getKeyNames() {
        return tags.clone();
    }

    /** The tags of these meters. Each has a closed list of values, but for {@link #SERVER}, which has those of the list of servers. */
    public enum Tag implements KeyName {
        /** The verb: {@code get}, {@code set}, … */
        OPERATION,
        /**
         * {@code host:port}, {@code several} for a call over several keys, {@code unknown} where no server had been chosen, and {@code other} for one that is not on the
         * list of a client with this listener. Left out on demand.
         */
        SERVER,
        /** {@code hit}, {@code miss}, {@code stored}, {@code not_stored}, {@code error}, {@code done}, {@code sent} or {@code cancelled}. */
        OUTCOME,
        /** The simple name of the class of the {@code MemcachedException}; {@code other} for a failure that is none, {@code none} without a failure. */
        ERROR,
        /** {@code sent} or {@code received}. */
        DIRECTION,
        /** {@code open} or {@code connecting}. */
        STATE;

        private final String text = name().toLowerCase(java.util.Locale.ROOT);

        @Override
        public String asString() {
            return text;
        }
    }
}
