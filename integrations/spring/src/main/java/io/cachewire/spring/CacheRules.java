package io.cachewire.spring;

import io.cachewire.ValueType;
import io.cachewire.loading.LoadingBuilder;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The rules of one cache. What is not set is as the manager has it. Not for use by several threads. */
public final class CacheRules {
    private @Nullable Duration ttl;
    private @Nullable Boolean nullValues;
    private @Nullable ValueType<?> type;
    private Consumer<LoadingBuilder<String, Object, ?>> loading = builder -> {};

    CacheRules() {}

    CacheRules copy() {
        CacheRules copy = new CacheRules();
        copy.ttl = ttl;
        copy.nullValues = nullValues;
        copy.type = type;
        copy.loading = loading;
        return copy;
    }

    /** How long a value lives, above zero; the server counts in whole seconds. Default: until the server evicts it. */
    public CacheRules ttl(Duration time) {
        if (time.isZero() || time.isNegative()) {
            throw new IllegalArgumentException("ttl must be above zero, not " + time);
        }
        ttl = time;
        return this;
    }

    /** The type of all values. Default: what the cacheable methods that name the cache return. */
    public CacheRules type(Class<?> of) {
        return type(ValueType.of(of));
    }

    /** As {@link #type(Class)}, for a generic type. */
    public CacheRules type(ValueType<?> of) {
        type = Objects.requireNonNull(of, "of");
        return this;
    }

    /** Whether null is stored, as a value. Needs the flag scheme of this client, which has a mark for it. Default: on. */
    public CacheRules nullValues(boolean on) {
        nullValues = on;
        return this;
    }

    /**
     * Rules of loading, such as {@code refreshAhead}, {@code failSafe} and {@code lease}: they hold for {@code get(key, Callable)} and
     * {@code retrieve(key, Supplier)}, which {@code @Cacheable(sync = true)} calls. Called once more for each call of this method.
     */
    public CacheRules loading(Consumer<? super LoadingBuilder<String, Object, ?>> rules) {
        loading = loading.andThen(rules);
        return this;
    }

    @Nullable
    Duration ttl() {
        return ttl;
    }

    boolean hasNullValues() {
        return nullValues == null || nullValues;
    }

    @Nullable
    ValueType<?> type() {
        return type;
    }

    void applyLoading(LoadingBuilder<String, Object, ?> builder) {
        loading.accept(builder);
    }
}
