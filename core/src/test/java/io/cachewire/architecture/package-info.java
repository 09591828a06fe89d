/** The rules of the house as tests: who may import whom, what is public, how long a file may be. Other modules extend two of them. */
@NullMarked
package io.cachewire.architecture;

import org.jspecify.annotations.NullMarked;
