package io.cachewire.micrometer;

import io.cachewire.loading.Loader;
import io.cachewire.loading.LoadingStats;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/**
 * The meters of loads: {@code cache.load} with {@code result} {@code success} and {@code failure}, {@code cache.load.duration}, the time that loaders took all together, and
 * {@code cache.gets} with {@code result} {@code hit} and {@code miss}, where a miss is a load. Needs {@code cachewire-loading}. A loader counts for the duration when it is
 * wrapped in {@link #timed}. A load that is under way counts as a success until it has failed.
 */
public final class LoadingCacheMetrics implements MeterBinder {
    private final Supplier<LoadingStats> stats;
    private final Tags tags;
    private final LongAdder nanos = new LongAdder();

    /**
     * A binder for one view.
     *
     * @param stats {@code cache::stats} of any face of it; kept for the life of the registry
     * @param cacheName the tag {@code cache}
     * @param tags further tags
     */
    public LoadingCacheMetrics(Supplier<LoadingStats> stats, String cacheName, Iterable<Tag> tags) {
        this.stats = Objects.requireNonNull(stats, "stats");
        this.tags = Tags.concat(tags, "cache", cacheName);
    }

    /** The same loader, with its time added to {@code cache.load.duration}. */
    public <K, V> Loader<K, V> timed(Loader<K, V> loader) {
        Objects.requireNonNull(loader, "loader");
        return key -> {
            long startedAt = System.nanoTime();
            try {
                return loader.load(key);
            } finally {
                nanos.add(System.nanoTime() - startedAt);
            }
        };
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        counter(registry, "cache.load", "success", now -> now.loads() - now.loadFailures());
        counter(registry, "cache.load", "failure", LoadingStats::loadFailures);
        counter(registry, "cache.gets", "hit", LoadingStats::hits);
        counter(registry, "cache.gets", "miss", LoadingStats::loads);
        // strong: counters by function refer to their object weakly, and nobody else holds this one
        TimeGauge.builder("cache.load.duration", this, TimeUnit.NANOSECONDS, metrics -> metrics.nanos.sum())
                .description("The time that loads took all together")
                .tags(tags)
                .strongReference(true)
                .register(registry);
    }

    private void counter(MeterRegistry registry, String name, String result, ToLongFunction<LoadingStats> part) {
        AtomicLong highest = new AtomicLong();
        FunctionCounter.builder(
                        name,
                        this,
                        metrics -> highest.accumulateAndGet(part.applyAsLong(metrics.stats.get()), Math::max))
                .description("Loads, and calls that were answered by the cache, as counted by the view")
                .tags(tags.and("result", result))
                .register(registry);
    }
}
