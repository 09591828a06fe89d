package io.cachewire.spring;

import io.cachewire.MemcachedException;
import io.cachewire.loading.LoadingCycleException;
import io.cachewire.loading.LoadingException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.cache.Cache;
import org.springframework.cache.interceptor.CacheErrorHandler;

/**
 * Keeps failures of the cache from the callers of cacheable methods: a read that fails is a miss, and a write that fails is left out. Counts them,
 * and logs one a minute with the number of those in between. Throws what is a fault of the program: keys without a text, values of another type than
 * the cache's, and loads that wait for themselves. Safe for any number of threads.
 */
public final class CacheFailures implements CacheErrorHandler {
    private static final Logger LOG = LoggerFactory.getLogger(CacheFailures.class);
    private static final long PAUSE_NANOS = Duration.ofMinutes(1).toNanos();

    private final LongAdder count = new LongAdder();
    private final AtomicLong nextLog = new AtomicLong(System.nanoTime());
    private final LongAdder unlogged = new LongAdder();
    private final BiConsumer<? super String, ? super RuntimeException> listener;

    /** Failures that are counted and logged. */
    public CacheFailures() {
        this((operation, failure) -> {});
    }

    /**
     * Failures that somebody is told of, too.
     *
     * @param listener is given {@code get}, {@code put}, {@code evict} or {@code clear}, on the thread that the failure was seen on
     */
    public CacheFailures(BiConsumer<? super String, ? super RuntimeException> listener) {
        this.listener = listener;
    }

    /** How many failures there were. */
    public long count() {
        return count.sum();
    }

    static boolean isOfCache(Throwable failure) {
        return failure instanceof MemcachedException
                || (failure instanceof LoadingException && !(failure instanceof LoadingCycleException));
    }

    @Override
    public void handleCacheGetError(RuntimeException exception, Cache cache, Object key) {
        handle("get", exception, cache.getName());
    }

    @Override
    public void handleCachePutError(RuntimeException exception, Cache cache, Object key, @Nullable Object value) {
        handle("put", exception, cache.getName());
    }

    @Override
    public void handleCacheEvictError(RuntimeException exception, Cache cache, Object key) {
        handle("evict", exception, cache.getName());
    }

    @Override
    public void handleCacheClearError(RuntimeException exception, Cache cache) {
        handle("clear", exception, cache.getName());
    }

    void handle(String operation, RuntimeException failure, String cache) {
        if (!isOfCache(failure)) {
            throw failure;
        }
        count.increment();
        long now = System.nanoTime();
        long next = nextLog.get();
        if (now - next >= 0 && nextLog.compareAndSet(next, now + PAUSE_NANOS)) {
            LOG.warn(
                    "{} of cache \"{}\" failed, as did {} calls since the last of these lines; the callers are served without the cache",
                    operation,
                    cache,
                    unlogged.sumThenReset(),
                    failure);
        } else {
            unlogged.increment();
        }
        listener.accept(operation, failure);
    }
}
