/** Locks of ShedLock in memcached. */
@NullMarked
package io.cachewire.shedlock;

import org.jspecify.annotations.NullMarked;
