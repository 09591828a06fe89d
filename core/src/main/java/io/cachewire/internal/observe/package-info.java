/** How listeners are told of calls: an engine in front of the engine, made only when there is a listener. */
@NullMarked
package io.cachewire.internal.observe;

import org.jspecify.annotations.NullMarked;
