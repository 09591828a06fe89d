/** Which server a key lives on: node locators and hash functions, each named after what it is compatible with. */
@NullMarked
package io.cachewire.routing;

import org.jspecify.annotations.NullMarked;
