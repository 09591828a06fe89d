/** How evenly the placement rules of other clients spread keys, and how many keys move when the servers change. */
package io.cachewire.interop.quality;
