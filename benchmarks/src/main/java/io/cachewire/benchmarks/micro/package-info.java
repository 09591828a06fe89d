/** JMH benchmarks of the parts that need no server. */
@NullMarked
package io.cachewire.benchmarks.micro;

import org.jspecify.annotations.NullMarked;
