/** What each command means: arguments to requests, replies to results. No I/O. */
@NullMarked
package io.cachewire.internal.operation;

import org.jspecify.annotations.NullMarked;
