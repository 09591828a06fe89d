/** The two dialects of text lines, classic text and meta commands. */
@NullMarked
package io.cachewire.internal.protocol.line;

import org.jspecify.annotations.NullMarked;
