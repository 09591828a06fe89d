/** Server commands: statistics, slabs, logs and the like, and the records that they return. */
@NullMarked
package io.cachewire.admin;

import org.jspecify.annotations.NullMarked;
