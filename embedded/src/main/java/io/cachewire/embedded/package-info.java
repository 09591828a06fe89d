/**
 * An in-process memcached server for quick starts and unit tests. It is not a cache for production.
 */
@NullMarked
package io.cachewire.embedded;

import org.jspecify.annotations.NullMarked;
