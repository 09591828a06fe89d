/**
 * Auto-configuration for Spring Boot: a client by the properties {@code cachewire.*}, and a {@link io.cachewire.spring.MemcachedCacheManager} where
 * caching is enabled.
 */
@NullMarked
package io.cachewire.spring.boot;

import org.jspecify.annotations.NullMarked;
