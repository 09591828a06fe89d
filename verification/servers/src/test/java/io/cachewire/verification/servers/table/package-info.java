/** Every operation of the client on every server, in every dialect and face. */
@NullMarked
package io.cachewire.verification.servers.table;

import org.jspecify.annotations.NullMarked;
