package io.cachewire.spring;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import org.springframework.cache.Cache;
import org.springframework.cache.caffeine.CaffeineCache;

/** An oracle, as {@link ConcurrentMapContractTest}. */
class CaffeineContractTest extends CacheContractTest {
    private final Cache cache = new CaffeineCache(NAME, async(), true);
    private final Cache withoutNull = new CaffeineCache(NO_NULL, async(), false);

    private static AsyncCache<Object, Object> async() {
        // on the thread of the caller: else a load that has failed is still there for a moment
        return Caffeine.newBuilder().executor(Runnable::run).buildAsync();
    }

    @Override
    Cache cache() {
        return cache;
    }

    @Override
    Cache cacheWithoutNull() {
        return withoutNull;
    }

    @Override
    boolean cancelsAlone() {
        return true;
    }
}
