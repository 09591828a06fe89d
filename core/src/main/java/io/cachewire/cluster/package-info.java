/** The servers of one client: which node a key goes to, which nodes are up, and what happens when one is not. */
@NullMarked
package io.cachewire.cluster;

import org.jspecify.annotations.NullMarked;
