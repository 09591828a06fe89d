/** Spring's cache abstraction on memcached. {@link io.cachewire.spring.MemcachedCacheManager} is where to begin. */
@NullMarked
package io.cachewire.spring;

import org.jspecify.annotations.NullMarked;
