/** The binary dialect. */
@NullMarked
package io.cachewire.internal.protocol.binary;

import org.jspecify.annotations.NullMarked;
