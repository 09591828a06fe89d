package io.cachewire.micrometer;

import io.cachewire.AsyncMemcachedClient;
import io.cachewire.BlockingMemcachedClient;
import io.cachewire.MemcachedClient;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.binder.cache.CacheMeterBinder;
import org.jspecify.annotations.Nullable;

/**
 * The meters of a view that is a cache: {@code cache.gets} with {@code result} {@code hit} and {@code miss}, and {@code cache.puts}. Size and evictions are left out, as a
 * server does not tell them for one client or one namespace. {@link #monitor} makes the view that is counted; calls to the client or to another view of it are not.
 *
 * <p>The counts are referred to weakly: they live as long as the view, or one that was made from it, is used. Meters of the same name and tags in one registry are one
 * meter: the first cache that is bound with them counts.
 */
public final class MemcachedCacheMetrics extends CacheMeterBinder<CacheCounts> {
    /**
     * A binder for counts that are set as a listener of a view.
     *
     * @param counts of the view
     * @param cacheName the tag {@code cache}
     * @param tags further tags
     */
    public MemcachedCacheMetrics(CacheCounts counts, String cacheName, Iterable<Tag> tags) {
        super(counts, cacheName, tags);
    }

    /** The view with its calls counted in a registry. */
    public static BlockingMemcachedClient monitor(
            MeterRegistry registry, BlockingMemcachedClient view, String cacheName, Iterable<Tag> tags) {
        return view.withListener(bound(registry, cacheName, tags));
    }

    /** The view with its calls counted in a registry. */
    public static AsyncMemcachedClient monitor(
            MeterRegistry registry, AsyncMemcachedClient view, String cacheName, Iterable<Tag> tags) {
        return view.withListener(bound(registry, cacheName, tags));
    }

    /** The view with its calls counted in a registry. */
    public static MemcachedClient monitor(
            MeterRegistry registry, MemcachedClient view, String cacheName, Iterable<Tag> tags) {
        return view.withListener(bound(registry, cacheName, tags));
    }

    private static CacheCounts bound(MeterRegistry registry, String cacheName, Iterable<Tag> tags) {
        CacheCounts counts = new CacheCounts();
        new MemcachedCacheMetrics(counts, cacheName, tags).bindTo(registry);
        return counts;
    }

    @Override
    protected @Nullable Long size() {
        return null;
    }

    @Override
    protected long hitCount() {
        CacheCounts counts = getCache();
        return counts == null ? 0 : counts.hits();
    }

    @Override
    protected Long missCount() {
        CacheCounts counts = getCache();
        return counts == null ? 0 : counts.misses();
    }

    @Override
    protected @Nullable Long evictionCount() {
        return null;
    }

    @Override
    protected long putCount() {
        CacheCounts counts = getCache();
        return counts == null ? 0 : counts.puts();
    }

    @Override
    protected void bindImplementationSpecificMetrics(MeterRegistry registry) {}
}
