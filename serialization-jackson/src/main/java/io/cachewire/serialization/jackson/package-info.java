/** Values as plain JSON, by Jackson 2. */
@NullMarked
package io.cachewire.serialization.jackson;

import org.jspecify.annotations.NullMarked;
