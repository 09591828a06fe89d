/**
 * Values that are loaded on a miss: one load for a key in the fleet, and values that outlive a failing loader. {@link io.cachewire.loading.LoadingCache} is where to begin.
 */
@NullMarked
package io.cachewire.loading;

import org.jspecify.annotations.NullMarked;
