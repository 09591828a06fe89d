package io.cachewire.micrometer;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/** How observed calls are called, and what is written down of them. */
public interface MemcachedObservationConvention extends ObservationConvention<MemcachedObservationContext> {
    @Override
    default boolean supportsContext(Observation.Context context) {
        return context instanceof MemcachedObservationContext;
    }
}
