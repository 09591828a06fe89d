/** The meta commands with all their options, and the records that they return. */
@NullMarked
package io.cachewire.meta;

import org.jspecify.annotations.NullMarked;
