/** How the server commands are made and their answers read. No I/O. */
@NullMarked
package io.cachewire.internal.admin;

import org.jspecify.annotations.NullMarked;
