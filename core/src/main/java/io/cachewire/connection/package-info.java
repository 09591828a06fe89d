/** One pipelined connection: requests in flight, their order, and the socket under them. */
@NullMarked
package io.cachewire.connection;

import org.jspecify.annotations.NullMarked;
