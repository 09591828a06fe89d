package io.cachewire.spring.boot;

import io.cachewire.spring.MemcachedCache;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Lets Boot bind the meters of our caches to its registries, as it does for other caches. */
@AutoConfiguration(
        beforeName = {
            "org.springframework.boot.actuate.autoconfigure.metrics.cache.CacheMetricsAutoConfiguration",
            "org.springframework.boot.cache.autoconfigure.metrics.CacheMetricsAutoConfiguration"
        })
@ConditionalOnClass(name = "io.micrometer.core.instrument.binder.cache.CacheMeterBinder")
public class CachewireMetricsAutoConfiguration {
    /** Boot 3. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(name = "org.springframework.boot.actuate.metrics.cache.CacheMeterBinderProvider")
    static class WithBoot3 {
        @Bean
        org.springframework.boot.actuate.metrics.cache.CacheMeterBinderProvider<MemcachedCache>
                cachewireCacheMetersOfBoot3() {
            return CacheMeters::new;
        }
    }

    /** Boot 4. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(name = "org.springframework.boot.cache.metrics.CacheMeterBinderProvider")
    static class WithBoot4 {
        @Bean
        org.springframework.boot.cache.metrics.CacheMeterBinderProvider<MemcachedCache> cachewireCacheMetersOfBoot4() {
            return CacheMeters::new;
        }
    }
}
