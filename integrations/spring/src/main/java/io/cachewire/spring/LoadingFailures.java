package io.cachewire.spring;

import io.cachewire.loading.LoadingListener;

/** Tells of failures of the cache that loading has kept from its callers. */
final class LoadingFailures implements LoadingListener {
    private final String cache;
    private final CacheFailures failures;

    LoadingFailures(String cache, CacheFailures failures) {
        this.cache = cache;
        this.failures = failures;
    }

    @Override
    public void cacheFailed(String key, Throwable failure) {
        if (failure instanceof RuntimeException unchecked && CacheFailures.isOfCache(failure)) {
            failures.handle("get", unchecked, cache);
        }
    }
}
