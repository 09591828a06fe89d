package io.cachewire.micrometer;

import io.cachewire.observe.CallEnd;
import io.cachewire.observe.CallStart;
import io.micrometer.common.KeyValues;

/** The names of {@link MemcachedObservation}. A subclass may add to them. */
public class DefaultMemcachedObservationConvention implements MemcachedObservationConvention {
    /** The convention has no settings. */
    public DefaultMemcachedObservationConvention() {}

    @Override
    public String getName() {
        return MemcachedMeter.OPERATION.getName();
    }

    @Override
    public String getContextualName(MemcachedObservationContext context) {
        return "memcached " + Names.of(context.call().verb());
    }

    @Override
    public KeyValues getLowCardinalityKeyValues(MemcachedObservationContext context) {
        CallStart call = context.call();
        CallEnd end = context.end();
        String server = end == null || end.server() == null
                ? Names.noServer(call)
                : end.server().toString();
        return KeyValues.of(
                MemcachedObservation.LowCardinality.OPERATION.withValue(Names.of(call.verb())),
                MemcachedObservation.LowCardinality.SERVER.withValue(server),
                MemcachedObservation.LowCardinality.OUTCOME.withValue(
                        end == null ? Names.NONE : Names.of(end.outcome())));
    }

    @Override
    public KeyValues getHighCardinalityKeyValues(MemcachedObservationContext context) {
        CallEnd end = context.end();
        KeyValues keys = KeyValues.of(MemcachedObservation.HighCardinality.KEYS.withValue(
                Integer.toString(context.call().keyCount())));
        return end == null
                ? keys
                : keys.and(
                        MemcachedObservation.HighCardinality.ATTEMPTS.withValue(Integer.toString(end.attempts())),
                        MemcachedObservation.HighCardinality.HITS.withValue(Integer.toString(end.hits())),
                        MemcachedObservation.HighCardinality.MISSES.withValue(Integer.toString(end.misses())));
    }
}
