/** What a client tells of its calls: the listener, for metrics, traces and logs. */
@NullMarked
package io.cachewire.observe;

import org.jspecify.annotations.NullMarked;
