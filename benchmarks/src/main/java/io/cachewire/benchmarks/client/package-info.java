/** The clients that are compared, each in each style of calling. */
@NullMarked
package io.cachewire.benchmarks.client;

import org.jspecify.annotations.NullMarked;
