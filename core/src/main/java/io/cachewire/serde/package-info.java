/** How values become bytes and flags: the SPI for serdes, the raw serde, flag schemes and compression. */
@NullMarked
package io.cachewire.serde;

import org.jspecify.annotations.NullMarked;
