/** One pipelined connection: requests in flight, their order, and the socket under them. */
@NullMarked
package io.cachewire.internal.connection;

import org.jspecify.annotations.NullMarked;
