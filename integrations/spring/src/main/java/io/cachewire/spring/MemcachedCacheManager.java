package io.cachewire.spring;

import io.cachewire.BlockingMemcachedClient;
import io.cachewire.ValueType;
import io.cachewire.loading.CacheErrors;
import io.cachewire.loading.LoadingBuilder;
import io.cachewire.loading.LoadingCache;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.beans.factory.BeanNameAware;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;

/**
 * The caches of a program on one client. As a bean it reads the types of the values from what the cacheable methods of all beans return, and refuses
 * to start when two methods return different types into one cache. It does not close the client. Safe for any number of threads
 * (docs/decisions/0087-spring-cache.md).
 */
public final class MemcachedCacheManager
        implements CacheManager, BeanFactoryAware, BeanNameAware, SmartInitializingSingleton {
    /** What a view puts between the prefix and the key: a generation and a colon. */
    private static final int GENERATION = 17;

    private static final int LONGEST_KEY = 250;

    /** Left for a namespace of the client. */
    private static final int SPARE = 20;

    /** In place of an end: an item that is never asked for is evicted long before. */
    private static final Duration LONG = Duration.ofDays(1000);

    private final BlockingMemcachedClient client;
    private final CacheRules defaults;
    private final Map<String, CacheRules> declared;
    private final boolean isFixed;
    private final String prefix;
    private final @Nullable Function<Object, String> keyText;
    private final Transactions transactions;
    private final CacheFailures failures;
    private final boolean failsFast;
    private final ConcurrentHashMap<String, MemcachedCache> caches = new ConcurrentHashMap<>();

    private @Nullable ConfigurableListableBeanFactory beans;
    private @Nullable String beanName;
    private volatile @Nullable Map<String, CacheableTypes.Source> scanned;

    private MemcachedCacheManager(Builder settings) {
        client = settings.client;
        defaults = settings.defaults.copy();
        declared = new LinkedHashMap<>();
        settings.declared.forEach((name, rules) -> declared.put(name, rules.copy()));
        isFixed = settings.isFixed;
        prefix = settings.prefix;
        keyText = settings.keyText;
        transactions = settings.isTransactionAware ? Transactions.ofSpring() : new Transactions.None();
        failures = settings.failures;
        failsFast = settings.failsFast;
        declared.forEach((name, rules) -> view(name, rules, ValueType.of(Object.class)));
    }

    /** A builder of a manager whose caches are on a client; the client's serdes write the values. */
    public static Builder builder(BlockingMemcachedClient client) {
        return new Builder(client);
    }

    /** Failures of the caches that callers did not see. */
    public CacheFailures failures() {
        return failures;
    }

    // ---- as a bean ----

    @Override
    public void setBeanFactory(BeanFactory beanFactory) {
        beans = beanFactory instanceof ConfigurableListableBeanFactory listable ? listable : null;
    }

    @Override
    public void setBeanName(String name) {
        beanName = name;
    }

    /** Reads the types once more, now of all beans, and makes the caches that methods name. */
    @Override
    public void afterSingletonsInstantiated() {
        Map<String, CacheableTypes.Source> found = scan();
        scanned = found;
        for (Map.Entry<String, CacheableTypes.Source> entry : found.entrySet()) {
            MemcachedCache cache = getCache(entry.getKey());
            if (cache != null
                    && !settled().contains(entry.getKey())
                    && !cache.type().javaType().equals(entry.getValue().type())) {
                throw new IllegalStateException("cache \"" + entry.getKey() + "\" was used as one of " + cache.type()
                        + " before all beans were known, and is given "
                        + entry.getValue().type().getTypeName() + " by "
                        + entry.getValue().method() + ": set its type");
            }
        }
        declared.keySet().forEach(this::getCache);
    }

    private Map<String, CacheableTypes.Source> scan() {
        return beans == null ? Map.of() : CacheableTypes.scan(beans, beanName, settled());
    }

    private Collection<String> settled() {
        return defaults.type() != null
                ? List.copyOf(declaredAndScanned())
                : declared.entrySet().stream()
                        .filter(entry -> entry.getValue().type() != null)
                        .map(Map.Entry::getKey)
                        .toList();
    }

    private Collection<String> declaredAndScanned() {
        TreeSet<String> names = new TreeSet<>(declared.keySet());
        names.addAll(caches.keySet());
        return names;
    }

    // ---- caches ----

    /** The cache of a name; null when the manager was given fixed names and this is none of them. */
    @Override
    public @Nullable MemcachedCache getCache(String name) {
        MemcachedCache cache = caches.get(name);
        if (cache != null || (isFixed && !declared.containsKey(name))) {
            return cache;
        }
        // outside of the map, as it reads the beans and may meet this manager again
        MemcachedCache made = make(name);
        MemcachedCache other = caches.putIfAbsent(name, made);
        return other == null ? made : other;
    }

    /** The caches that were set up, that cacheable methods name, and that were asked for. */
    @Override
    public Collection<String> getCacheNames() {
        return List.copyOf(declaredAndScanned());
    }

    /** Forgets all keys of all caches. */
    public void resetCaches() {
        caches.values().forEach(Cache::clear);
    }

    private MemcachedCache make(String name) {
        CacheRules rules = declared.get(name);
        if (rules == null) {
            rules = defaults;
        }
        ValueType<?> type = type(name, rules);
        return new MemcachedCache(
                name,
                view(name, rules, type),
                type,
                keyText == null ? new KeyText(room(name)) : keyText,
                rules.hasNullValues(),
                transactions,
                failsFast ? null : failures);
    }

    private ValueType<?> type(String name, CacheRules rules) {
        ValueType<?> set = rules.type();
        if (set != null) {
            return set;
        }
        Map<String, CacheableTypes.Source> known = scanned;
        if (known == null) {
            known = scan();
            scanned = known;
        }
        CacheableTypes.Source source = known.get(name);
        return ValueType.of(source == null ? Object.class : source.type());
    }

    private String prefix(String name) {
        return KeyText.encoded(prefix) + KeyText.encoded(name).replace(":", "%3a") + "::";
    }

    private int room(String name) {
        return LONGEST_KEY - SPARE - GENERATION - prefix(name).length();
    }

    @SuppressWarnings("unchecked") // a cache is of objects, its type is what they are read as
    private LoadingCache<String, Object> view(String name, CacheRules rules, ValueType<?> type) {
        if (room(name) < KeyText.smallestRoom()) {
            throw new IllegalArgumentException("the name of a cache is too long: \"" + name + '"');
        }
        LoadingBuilder<String, Object, LoadingCache<String, Object>> builder =
                LoadingCache.builder(client, prefix(name), (ValueType<Object>) type);
        builder.forgettable(true).cacheErrors(failsFast ? CacheErrors.THROW : CacheErrors.LOAD);
        Duration ttl = rules.ttl();
        if (ttl != null) {
            builder.ttl(ttl);
        }
        if (rules.hasNullValues()) {
            builder.absent(ttl == null ? LONG : ttl);
        }
        builder.listener(new LoadingFailures(name, failures));
        rules.applyLoading(builder);
        try {
            return builder.build();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "cache \"" + name + "\": " + e.getMessage()
                            + (rules.hasNullValues()
                                    ? " (nullValues(false) does without it where this names absent)"
                                    : ""),
                    e);
        }
    }

    /** Collects the settings of a manager. Not for use by several threads. */
    public static final class Builder {
        private final BlockingMemcachedClient client;
        private final CacheRules defaults = new CacheRules();
        private final Map<String, CacheRules> declared = new LinkedHashMap<>();
        private boolean isFixed;
        private String prefix = "";
        private @Nullable Function<Object, String> keyText;
        private boolean isTransactionAware = true;
        private CacheFailures failures = new CacheFailures();
        private boolean failsFast;

        private Builder(BlockingMemcachedClient client) {
            this.client = Objects.requireNonNull(client, "client");
        }

        /** How long a value lives in a cache that does not say so itself; above zero. Default: until the server evicts it. */
        public Builder ttl(Duration time) {
            defaults.ttl(time);
            return this;
        }

        /** Whether caches that do not say so themselves store null. Default: on. */
        public Builder nullValues(boolean on) {
            defaults.nullValues(on);
            return this;
        }

        /** Rules of loading for caches that have none of this kind themselves, as {@link CacheRules#loading}. */
        public Builder loading(Consumer<? super LoadingBuilder<String, Object, ?>> rules) {
            defaults.loading(rules);
            return this;
        }

        /**
         * A cache with rules of its own. The rules begin as those of the manager are at this moment.
         *
         * @throws IllegalArgumentException when there is a cache of this name
         */
        public Builder cache(String name, Consumer<? super CacheRules> rules) {
            if (name.isEmpty()) {
                throw new IllegalArgumentException("a cache needs a name");
            }
            CacheRules own = defaults.copy();
            rules.accept(own);
            if (declared.putIfAbsent(name, own) != null) {
                throw new IllegalArgumentException("there are two caches \"" + name + '"');
            }
            return this;
        }

        /** A cache with the rules that the manager has at this moment. */
        public Builder cache(String name) {
            return cache(name, rules -> {});
        }

        /** Whether a cache of this name has been set up. */
        public boolean hasCache(String name) {
            return declared.containsKey(name);
        }

        /** There are no other caches than those that are set up here. Default: a cache that is asked for is made. */
        public Builder fixedNames() {
            isFixed = true;
            return this;
        }

        /** What the keys of all caches begin with, in front of the cache's name. Encoded as the name. Default: nothing. */
        public Builder keyPrefix(String text) {
            prefix = Objects.requireNonNull(text, "text");
            return this;
        }

        /**
         * The texts of keys, which must differ for keys that differ and be the same in all processes. Default: {@code toString} of a key, and the parts
         * of a {@code SimpleKey}, collection or array, encoded so that any text fits into a memcached key.
         */
        public Builder keyText(Function<Object, String> text) {
            keyText = Objects.requireNonNull(text, "text");
            return this;
        }

        /** Whether writes wait for the commit of the caller's transaction, where spring-tx is there. Default: on. */
        public Builder transactionAware(boolean on) {
            isTransactionAware = on;
            return this;
        }

        /** Counts and logs the failures that callers do not see. */
        public Builder failures(CacheFailures told) {
            failures = Objects.requireNonNull(told, "told");
            return this;
        }

        /** Whether failures of the cache are thrown to the callers. Default: off. */
        public Builder failFast(boolean on) {
            failsFast = on;
            return this;
        }

        /**
         * The manager.
         *
         * @throws IllegalArgumentException when the rules of a cache do not fit together, or do not fit the client
         */
        public MemcachedCacheManager build() {
            return new MemcachedCacheManager(this);
        }
    }
}
