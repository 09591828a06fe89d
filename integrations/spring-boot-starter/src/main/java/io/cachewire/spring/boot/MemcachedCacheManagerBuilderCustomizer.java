package io.cachewire.spring.boot;

import io.cachewire.spring.MemcachedCacheManager;

/** Changes the cache manager that is configured automatically, after the properties have been applied. */
@FunctionalInterface
public interface MemcachedCacheManagerBuilderCustomizer {
    /** Called once for the manager. */
    void customize(MemcachedCacheManager.Builder builder);
}
