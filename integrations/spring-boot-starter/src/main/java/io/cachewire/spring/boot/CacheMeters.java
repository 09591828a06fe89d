package io.cachewire.spring.boot;

import io.cachewire.spring.MemcachedCache;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.binder.cache.CacheMeterBinder;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** {@code cache.gets}, {@code cache.puts} and {@code cache.removals} of this process. Memcached tells no client its size and evictions. */
final class CacheMeters extends CacheMeterBinder<MemcachedCache> {
    CacheMeters(MemcachedCache cache, Iterable<Tag> tags) {
        super(cache, cache.getName(), tags);
    }

    private long count(ToLongFunction<MemcachedCache> of) {
        MemcachedCache cache = getCache();
        return cache == null ? 0 : of.applyAsLong(cache);
    }

    @Override
    protected @Nullable Long size() {
        return null;
    }

    @Override
    protected long hitCount() {
        return count(cache -> cache.statistics().hits());
    }

    @Override
    protected Long missCount() {
        return count(cache -> cache.statistics().misses());
    }

    @Override
    protected @Nullable Long evictionCount() {
        return null;
    }

    @Override
    protected long putCount() {
        return count(cache -> cache.statistics().puts());
    }

    @Override
    protected void bindImplementationSpecificMetrics(MeterRegistry registry) {
        MemcachedCache cache = getCache();
        if (cache != null) {
            FunctionCounter.builder(
                            "cache.removals", cache, one -> one.statistics().evictions())
                    .tags(getTagsWithCacheName())
                    .description("Calls of evict")
                    .register(registry);
        }
    }
}
