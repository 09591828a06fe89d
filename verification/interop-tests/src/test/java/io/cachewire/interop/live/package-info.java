/** Tests with the real clients of other languages: one ring, one value, seen from both sides. */
package io.cachewire.interop.live;
