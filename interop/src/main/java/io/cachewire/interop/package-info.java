/** Presets for sharing servers with other memcached clients: their places, flags and value formats, both ways. */
@NullMarked
package io.cachewire.interop;

import org.jspecify.annotations.NullMarked;
