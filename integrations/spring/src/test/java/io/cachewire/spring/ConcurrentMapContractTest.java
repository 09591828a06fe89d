package io.cachewire.spring;

import org.springframework.cache.Cache;
import org.springframework.cache.concurrent.ConcurrentMapCache;

/** An oracle: what the contract test asks for is what Spring's own cache does. */
class ConcurrentMapContractTest extends CacheContractTest {
    private final Cache cache = new ConcurrentMapCache(NAME);
    private final Cache withoutNull = new ConcurrentMapCache(NO_NULL, false);

    @Override
    Cache cache() {
        return cache;
    }

    @Override
    Cache cacheWithoutNull() {
        return withoutNull;
    }

    /** It has the second loader wait on a thread, which a test cannot see. */
    @Override
    boolean cancelsAlone() {
        return false;
    }
}
