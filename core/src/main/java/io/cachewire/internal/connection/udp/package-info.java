/** Requests and replies in datagrams. */
@NullMarked
package io.cachewire.internal.connection.udp;

import org.jspecify.annotations.NullMarked;
