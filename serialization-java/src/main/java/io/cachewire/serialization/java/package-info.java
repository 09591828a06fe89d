/** Values by Java serialization, behind a mandatory allow-list. */
@NullMarked
package io.cachewire.serialization.java;

import org.jspecify.annotations.NullMarked;
