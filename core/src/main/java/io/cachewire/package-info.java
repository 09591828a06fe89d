/**
 * The client's faces and the words they speak: keys, items, expiry, servers and exceptions.
 */
@NullMarked
package io.cachewire;

import org.jspecify.annotations.NullMarked;
