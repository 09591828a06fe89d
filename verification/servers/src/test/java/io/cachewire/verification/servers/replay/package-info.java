/** The models held to the recordings. */
@NullMarked
package io.cachewire.verification.servers.replay;

import org.jspecify.annotations.NullMarked;
