/**
 * What a client does, as meters and observations of Micrometer: {@link io.cachewire.micrometer.MicrometerListener} for the client, {@link
 * io.cachewire.micrometer.MemcachedCacheMetrics} for a view that is a cache. docs/observability.md has the names.
 */
@NullMarked
package io.cachewire.micrometer;

import org.jspecify.annotations.NullMarked;
