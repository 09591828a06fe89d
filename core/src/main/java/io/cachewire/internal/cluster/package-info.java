/** The servers together: from a key to its node and connection, and what happens when one fails. */
@NullMarked
package io.cachewire.internal.cluster;

import org.jspecify.annotations.NullMarked;
