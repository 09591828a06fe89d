/** Callers, workloads and what is measured of them. */
@NullMarked
package io.cachewire.benchmarks.load;

import org.jspecify.annotations.NullMarked;
