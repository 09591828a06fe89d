package io.cachewire.spring.boot;

import io.cachewire.BlockingMemcachedClient;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/**
 * The health {@code memcached}: UP when all servers answer, else the status that {@code cachewire.health.dead-status} names. That is
 * {@code DEGRADED} by default, which takes no program out: a program works without its cache.
 */
@AutoConfiguration(
        after = CachewireAutoConfiguration.class,
        beforeName = {
            "org.springframework.boot.actuate.autoconfigure.health.HealthContributorAutoConfiguration",
            "org.springframework.boot.health.autoconfigure.contributor.HealthContributorAutoConfiguration"
        })
@ConditionalOnSingleCandidate(BlockingMemcachedClient.class)
public class CachewireHealthAutoConfiguration {
    private static String deadStatus(Environment environment) {
        return environment.getProperty("cachewire.health.dead-status", ServerHealth.DEGRADED);
    }

    /** Boot 3. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(
            name = {
                "org.springframework.boot.actuate.health.AbstractHealthIndicator",
                "org.springframework.boot.actuate.autoconfigure.health.ConditionalOnEnabledHealthIndicator"
            })
    static class WithBoot3 {
        @Bean
        @ConditionalOnMissingBean(name = {"memcachedHealthIndicator", "memcachedHealthContributor"})
        @org.springframework.boot.actuate.autoconfigure.health.ConditionalOnEnabledHealthIndicator("memcached")
        org.springframework.boot.actuate.health.HealthIndicator memcachedHealthIndicator(
                BlockingMemcachedClient client, Environment environment) {
            String dead = deadStatus(environment);
            return () -> {
                ServerHealth health = ServerHealth.of(client);
                return org.springframework.boot.actuate.health.Health.status(health.allAnswer() ? "UP" : dead)
                        .withDetails(health.details())
                        .build();
            };
        }
    }

    /** Boot 4. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(
            name = {
                "org.springframework.boot.health.contributor.HealthIndicator",
                "org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator"
            })
    static class WithBoot4 {
        @Bean
        @ConditionalOnMissingBean(name = {"memcachedHealthIndicator", "memcachedHealthContributor"})
        @org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator("memcached")
        org.springframework.boot.health.contributor.HealthIndicator memcachedHealthIndicator(
                BlockingMemcachedClient client, Environment environment) {
            String dead = deadStatus(environment);
            return () -> {
                ServerHealth health = ServerHealth.of(client);
                return org.springframework.boot.health.contributor.Health.status(health.allAnswer() ? "UP" : dead)
                        .withDetails(health.details())
                        .build();
            };
        }
    }
}
