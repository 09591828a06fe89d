/** Bytes only: requests to wire format and back, for each dialect. No I/O, no threads, no clock. */
@NullMarked
package io.cachewire.internal.protocol;

import org.jspecify.annotations.NullMarked;
