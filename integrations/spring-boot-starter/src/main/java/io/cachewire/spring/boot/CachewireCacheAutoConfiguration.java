package io.cachewire.spring.boot;

import io.cachewire.BlockingMemcachedClient;
import io.cachewire.loading.LoadingBuilder;
import io.cachewire.spring.CacheFailures;
import io.cachewire.spring.CacheRules;
import io.cachewire.spring.MemcachedCacheManager;
import io.cachewire.spring.TypeText;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.CachingConfigurer;
import org.springframework.cache.interceptor.CacheAspectSupport;
import org.springframework.cache.interceptor.CacheErrorHandler;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/**
 * A {@link MemcachedCacheManager} where caching is enabled, the program has no cache manager and {@code spring.cache.type} is not set.
 * {@code spring.cache.cache-names} fixes the names, and Boot's {@code CacheManagerCustomizer} beans are applied.
 */
@AutoConfiguration(
        after = CachewireAutoConfiguration.class,
        beforeName = {
            "org.springframework.boot.autoconfigure.cache.CacheAutoConfiguration",
            "org.springframework.boot.cache.autoconfigure.CacheAutoConfiguration"
        })
@ConditionalOnBean(CacheAspectSupport.class)
@ConditionalOnSingleCandidate(BlockingMemcachedClient.class)
@ConditionalOnMissingBean(value = CacheManager.class, name = "cacheResolver")
@ConditionalOnProperty(name = "spring.cache.type", havingValue = "not a type of Boot's", matchIfMissing = true)
@EnableConfigurationProperties(CacheSettings.class)
public class CachewireCacheAutoConfiguration {
    /** Has the customizers of the Boot that is there applied. */
    interface Customizers {
        void customize(MemcachedCacheManager manager);
    }

    @Bean
    @ConditionalOnProperty(name = "cachewire.cache.enabled", matchIfMissing = true)
    MemcachedCacheManager cacheManager(
            BlockingMemcachedClient client,
            CacheSettings settings,
            CacheFailures failures,
            Environment environment,
            ObjectProvider<MemcachedCacheManagerBuilderCustomizer> customizers,
            ObjectProvider<Customizers> ofBoot) {
        MemcachedCacheManager.Builder builder = MemcachedCacheManager.builder(client)
                .failures(failures)
                .failFast(settings.isFailFast())
                .transactionAware(settings.isTransactionAware())
                .keyPrefix(settings.getKeyPrefix());
        Duration ttl = settings.getTimeToLive();
        if (ttl != null) {
            builder.ttl(ttl);
        }
        if (settings.getCacheNullValues() != null) {
            builder.nullValues(settings.getCacheNullValues());
        }
        builder.loading(loading(settings));
        ClassLoader loader = getClass().getClassLoader();
        settings.getCaches().forEach((name, own) -> builder.cache(name, rules -> apply(name, own, rules, loader)));
        List<String> names = Binder.get(environment)
                .bind("spring.cache.cache-names", Bindable.listOf(String.class))
                .orElse(List.of());
        for (String name : new ArrayList<>(names)) {
            if (!builder.hasCache(name)) {
                builder.cache(name);
            }
        }
        if (!names.isEmpty()) {
            builder.fixedNames();
        }
        customizers.orderedStream().forEach(customizer -> customizer.customize(builder));
        MemcachedCacheManager manager = builder.build();
        ofBoot.forEach(customizer -> customizer.customize(manager));
        return manager;
    }

    private static void apply(
            String name, CacheSettings.OfNamedCache own, CacheRules rules, @Nullable ClassLoader loader) {
        if (own.getTimeToLive() != null) {
            rules.ttl(own.getTimeToLive());
        }
        if (own.getCacheNullValues() != null) {
            rules.nullValues(own.getCacheNullValues());
        }
        if (own.getType() != null) {
            try {
                rules.type(TypeText.parse(own.getType(), loader));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("cachewire.cache.caches." + name + ".type: " + e.getMessage(), e);
            }
        }
        rules.loading(loading(own));
    }

    private static Consumer<LoadingBuilder<String, Object, ?>> loading(CommonCacheSettings settings) {
        return builder -> {
            set(settings.getRefreshAhead(), builder::refreshAhead);
            set(settings.getFailSafe(), builder::failSafe);
            set(settings.getLease(), builder::lease);
            set(settings.getMaxWait(), builder::maxWait);
            set(settings.getLoadTimeout(), builder::loadTimeout);
        };
    }

    private static void set(@Nullable Duration time, Consumer<Duration> setter) {
        if (time != null) {
            setter.accept(time);
        }
    }

    @Bean
    @ConditionalOnMissingBean
    CacheFailures cacheFailures() {
        return new CacheFailures();
    }

    /** Failures of the cache do not fail annotated methods. */
    @Bean
    @ConditionalOnMissingBean(CachingConfigurer.class)
    @ConditionalOnProperty(name = "cachewire.cache.fail-fast", havingValue = "false", matchIfMissing = true)
    CachingConfigurer cachewireCachingConfigurer(ObjectProvider<CacheFailures> failures) {
        return new CachingConfigurer() {
            @Override
            public @Nullable CacheErrorHandler errorHandler() {
                return failures.getIfAvailable();
            }
        };
    }

    /** The customizers of Boot 3. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(name = "org.springframework.boot.autoconfigure.cache.CacheManagerCustomizer")
    static class WithBoot3 {
        @Bean
        Customizers cachewireCustomizersOfBoot3(
                ObjectProvider<org.springframework.boot.autoconfigure.cache.CacheManagerCustomizer<?>> customizers) {
            return manager -> new org.springframework.boot.autoconfigure.cache.CacheManagerCustomizers(
                            customizers.orderedStream().toList())
                    .customize(manager);
        }
    }

    /** The customizers of Boot 4. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(name = "org.springframework.boot.cache.autoconfigure.CacheManagerCustomizer")
    static class WithBoot4 {
        @Bean
        Customizers cachewireCustomizersOfBoot4(
                ObjectProvider<org.springframework.boot.cache.autoconfigure.CacheManagerCustomizer<?>> customizers) {
            return manager -> new org.springframework.boot.cache.autoconfigure.CacheManagerCustomizers(
                            customizers.orderedStream().toList())
                    .customize(manager);
        }
    }

    /** The meter of failures that callers did not see. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(name = "io.micrometer.core.instrument.binder.MeterBinder")
    static class WithMicrometer {
        @Bean
        MeterBinder cachewireFailureMeter(CacheFailures failures) {
            return registry -> FunctionCounter.builder("cachewire.cache.failures", failures, CacheFailures::count)
                    .description("Cache operations that failed without failing their callers")
                    .register(registry);
        }
    }
}
