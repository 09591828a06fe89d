/** Tables, files and plots of the figures. */
@NullMarked
package io.cachewire.benchmarks.report;

import org.jspecify.annotations.NullMarked;
