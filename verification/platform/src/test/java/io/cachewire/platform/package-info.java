@NullMarked
package io.cachewire.platform;

import org.jspecify.annotations.NullMarked;
