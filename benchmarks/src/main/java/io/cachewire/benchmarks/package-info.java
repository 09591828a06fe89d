/** The benchmark programs: `compare` against other clients, `profile` of this one, and `jmh`. */
@NullMarked
package io.cachewire.benchmarks;

import org.jspecify.annotations.NullMarked;
