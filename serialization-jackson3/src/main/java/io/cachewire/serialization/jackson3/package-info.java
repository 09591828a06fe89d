/** Values as plain JSON, by Jackson 3. */
@NullMarked
package io.cachewire.serialization.jackson3;

import org.jspecify.annotations.NullMarked;
