/** TLS over a transport. */
@NullMarked
package io.cachewire.internal.connection.tls;

import org.jspecify.annotations.NullMarked;
