/** Runnable programs; each takes its servers from the environment variable MEMCACHED_SERVERS or starts an embedded one. */
@NullMarked
package io.cachewire.samples;

import org.jspecify.annotations.NullMarked;
