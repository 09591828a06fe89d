package io.cachewire.spring;

import io.cachewire.ValueType;
import io.cachewire.loading.AsyncLoadingCache;
import io.cachewire.loading.Cached;
import io.cachewire.loading.LoadingCache;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.support.AbstractValueAdaptingCache;
import org.springframework.cache.support.SimpleValueWrapper;
import org.springframework.util.ClassUtils;

/**
 * A cache of Spring's on memcached. {@code get(key, Callable)} and {@code retrieve(key, Supplier)}, which {@code @Cacheable(sync = true)} calls, load
 * a key once in the fleet, and {@code retrieve} blocks no thread. {@code clear} forgets all keys by one write: this process sees misses at once, other
 * processes within a second. A read that fails is a miss and a {@code put} that fails is left out, unless the manager fails fast; {@code evict} and
 * {@code clear} throw. Safe for any number of threads.
 *
 * <p>In a transaction of the calling thread, {@code put}, {@code evict} and {@code clear} wait for the commit, and so does what is loaded, unless the
 * transaction is read-only; {@code putIfAbsent}, {@code evictIfPresent} and {@code invalidate} are done at once.
 */
@SuppressWarnings("FutureReturnValueIgnored") // nobody waits for what is stored after a commit
public final class MemcachedCache extends AbstractValueAdaptingCache {
    private final String name;
    private final LoadingCache<String, Object> values;
    private final AsyncLoadingCache<String, Object> async;
    private final ValueType<?> type;
    private final Function<Object, String> keyText;
    private final Transactions transactions;
    private final @Nullable CacheFailures failures;

    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();
    private final LongAdder puts = new LongAdder();
    private final LongAdder evictions = new LongAdder();

    MemcachedCache(
            String name,
            LoadingCache<String, Object> values,
            ValueType<?> type,
            Function<Object, String> keyText,
            boolean hasNullValues,
            Transactions transactions,
            @Nullable CacheFailures failures) {
        super(hasNullValues);
        this.name = name;
        this.values = values;
        this.async = values.async();
        this.type = type;
        this.keyText = keyText;
        this.transactions = transactions;
        this.failures = failures;
    }

    @Override
    public String getName() {
        return name;
    }

    /** The view that the cache works on; its keys are texts. */
    @Override
    public LoadingCache<String, Object> getNativeCache() {
        return values;
    }

    /** The type of the values. */
    public ValueType<?> type() {
        return type;
    }

    /** What the cache has counted in this process. */
    public CacheStatistics statistics() {
        return new CacheStatistics(hits.sum(), misses.sum(), puts.sum(), evictions.sum());
    }

    // ---- reads ----

    @Override
    protected @Nullable Object lookup(Object key) {
        String text = text(key);
        Cached<Object> found;
        try {
            found = values.getIfPresent(text);
        } catch (RuntimeException e) {
            found = missed("get", e);
        }
        count(found != null);
        return found == null ? null : toStoreValue(found.value());
    }

    @Override
    public CompletableFuture<?> retrieve(Object key) {
        return find(text(key)).thenApply(this::late);
    }

    /** What {@link #retrieve(Object)} says of a late result. */
    private @Nullable Object late(@Nullable Cached<Object> found) {
        if (found == null) {
            return null;
        }
        return isAllowNullValues() ? new SimpleValueWrapper(found.value()) : found.value();
    }

    private CompletableFuture<@Nullable Cached<Object>> find(String text) {
        return async.getIfPresent(text).handle((found, failure) -> {
            Cached<Object> seen = failure == null ? found : missed("get", failure);
            count(seen != null);
            return seen;
        });
    }

    private void count(boolean isHit) {
        (isHit ? hits : misses).increment();
    }

    // ---- loads ----

    /** What a loader threw, told from a failure of the cache. */
    private static final class LoaderFailure extends RuntimeException {
        LoaderFailure(Throwable cause) {
            super(null, cause, false, false);
        }
    }

    @Override
    @SuppressWarnings("unchecked") // the caller says what it asks for, as everywhere in this interface
    public <T> @Nullable T get(Object key, Callable<T> loader) {
        String text = text(key);
        if (transactions.isWriting()) {
            return (T) getInTransaction(key, text, loader);
        }
        AtomicBoolean isLoaded = new AtomicBoolean();
        try {
            Object value = values.get(text, wanted -> {
                isLoaded.set(true);
                return load(loader);
            });
            counted(isLoaded.get());
            return (T) value;
        } catch (LoaderFailure e) {
            misses.increment();
            throw new ValueRetrievalException(key, loader, e.getCause());
        }
    }

    private void counted(boolean isLoaded) {
        count(!isLoaded);
        if (isLoaded) {
            puts.increment();
        }
    }

    private @Nullable Object getInTransaction(Object key, String text, Callable<?> loader) {
        ValueWrapper found = get(key);
        if (found != null) {
            return found.get();
        }
        try {
            Object value = load(loader);
            afterCommit("put", () -> store(text, value));
            return value;
        } catch (LoaderFailure e) {
            throw new ValueRetrievalException(key, loader, e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ValueRetrievalException(key, loader, e);
        }
    }

    private @Nullable Object load(Callable<?> loader) throws InterruptedException {
        Object value;
        try {
            value = loader.call();
            requireNullAllowed(value);
        } catch (InterruptedException e) {
            throw e;
        } catch (Throwable e) {
            throw new LoaderFailure(e);
        }
        requireType(value);
        return value;
    }

    private void requireNullAllowed(@Nullable Object value) {
        toStoreValue(value);
    }

    @Override
    @SuppressWarnings("unchecked") // as above
    public <T> CompletableFuture<T> retrieve(Object key, Supplier<CompletableFuture<T>> loader) {
        String text = text(key);
        if (transactions.isWriting()) {
            return (CompletableFuture<T>) retrieveInTransaction(text, loader);
        }
        AtomicBoolean isLoaded = new AtomicBoolean();
        CompletableFuture<@Nullable Object> found = async.get(text, wanted -> {
            isLoaded.set(true);
            return load(loader);
        });
        CompletableFuture<@Nullable Object> result = new Dependent<>(found);
        found.whenComplete((value, failure) -> {
            if (failure == null) {
                counted(isLoaded.get());
                result.complete(value);
            } else {
                misses.increment();
                result.completeExceptionally(cause(failure));
            }
        });
        return (CompletableFuture<T>) result;
    }

    /** The future of one caller, whose cancelling takes it out of the load. */
    private static final class Dependent<V extends @Nullable Object> extends CompletableFuture<V> {
        private final CompletableFuture<?> source;

        Dependent(CompletableFuture<?> source) {
            this.source = source;
        }

        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            boolean isCancelled = super.cancel(mayInterruptIfRunning);
            if (isCancelled) {
                source.cancel(mayInterruptIfRunning);
            }
            return isCancelled;
        }

        @Override
        public <U> CompletableFuture<U> newIncompleteFuture() {
            return new CompletableFuture<>();
        }
    }

    private CompletableFuture<@Nullable Object> load(Supplier<? extends CompletableFuture<?>> loader) {
        return loader.get().thenApply(value -> {
            requireNullAllowed(value);
            requireType(value);
            return value;
        });
    }

    private CompletableFuture<@Nullable Object> retrieveInTransaction(
            String text, Supplier<? extends CompletableFuture<?>> loader) {
        CompletableFuture<@Nullable Object> loaded = new CompletableFuture<>();
        transactions.afterCommit(() -> loaded.thenAccept(value -> storeLater(text, value)));
        return find(text)
                .thenCompose(found -> found != null
                        ? CompletableFuture.completedFuture(found.value())
                        : load(loader).thenApply(value -> {
                            loaded.complete(value);
                            return value;
                        }));
    }

    // ---- writes ----

    @Override
    public void put(Object key, @Nullable Object value) {
        String text = text(key);
        requireNullAllowed(value);
        requireType(value);
        if (transactions.isOpen()) {
            afterCommit("put", () -> store(text, value));
        } else {
            store(text, value);
        }
    }

    private void store(String text, @Nullable Object value) {
        puts.increment();
        try {
            values.put(text, value);
        } catch (RuntimeException e) {
            missed("put", e);
        }
    }

    private void storeLater(String text, @Nullable Object value) {
        puts.increment();
        async.put(text, value).whenComplete((done, failure) -> {
            if (failure != null) {
                missed("put", failure);
            }
        });
    }

    @Override
    public @Nullable ValueWrapper putIfAbsent(Object key, @Nullable Object value) {
        String text = text(key);
        requireNullAllowed(value);
        requireType(value);
        puts.increment();
        Cached<Object> existing;
        try {
            existing = values.putIfAbsent(text, value);
        } catch (RuntimeException e) {
            existing = missed("put", e);
        }
        return existing == null ? null : new SimpleValueWrapper(existing.value());
    }

    @Override
    public void evict(Object key) {
        String text = text(key);
        if (transactions.isOpen()) {
            afterCommit("evict", () -> remove(text));
        } else {
            remove(text);
        }
    }

    @Override
    public boolean evictIfPresent(Object key) {
        return remove(text(key));
    }

    private boolean remove(String text) {
        evictions.increment();
        return values.invalidate(text);
    }

    @Override
    public void clear() {
        if (transactions.isOpen()) {
            afterCommit("clear", values::invalidateAll);
        } else {
            values.invalidateAll();
        }
    }

    /** Forgets all keys at once. False: nobody knows whether there were any. */
    @Override
    public boolean invalidate() {
        values.invalidateAll();
        return false;
    }

    // ---- what all share ----

    /** The transaction is over, so what fails has no caller that could do anything about it. */
    private void afterCommit(String operation, Runnable task) {
        transactions.afterCommit(() -> {
            try {
                task.run();
            } catch (RuntimeException e) {
                missed(operation, e);
            }
        });
    }

    /** Counts a failure of the cache and goes on without it; throws all others. */
    private @Nullable Cached<Object> missed(String operation, Throwable failure) {
        Throwable cause = cause(failure);
        if (cause instanceof Error error) {
            throw error;
        }
        RuntimeException unchecked =
                cause instanceof RuntimeException runtime ? runtime : new CompletionException(cause);
        if (failures == null) {
            throw unchecked;
        }
        failures.handle(operation, unchecked, name);
        return null;
    }

    private static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    private String text(@Nullable Object key) {
        if (key == null) {
            throw new IllegalArgumentException("cache \"" + name + "\" was asked for the key null");
        }
        return keyText.apply(key);
    }

    private void requireType(@Nullable Object value) {
        if (value != null && !ClassUtils.isAssignableValue(type.rawClass(), value)) {
            throw new IllegalArgumentException("cache \"" + name + "\" has values of type " + type + ", not "
                    + value.getClass().getName());
        }
    }

    @Override
    public String toString() {
        return "MemcachedCache \"" + name + "\" of " + type;
    }
}
