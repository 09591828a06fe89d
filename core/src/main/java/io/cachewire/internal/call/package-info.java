/** A call from its start to its end: who waits for it, and how they are woken. It knows no command. */
@NullMarked
package io.cachewire.internal.call;

import org.jspecify.annotations.NullMarked;
