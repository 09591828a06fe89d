/** What each consumer project runs: the client on a real server that is paused, killed and restarted, and then closed. */
@NullMarked
package io.cachewire.verification.consumers;

import org.jspecify.annotations.NullMarked;
