package io.cachewire.spring.boot;

import io.cachewire.embedded.EmbeddedMemcached;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** See {@link EmbeddedCache}. */
@Configuration(proxyBeanMethods = false)
class EmbeddedCacheConfiguration {
    @Bean(destroyMethod = "close")
    EmbeddedMemcached embeddedMemcached() {
        return EmbeddedMemcached.start();
    }

    @Bean
    MemcachedConnectionDetails embeddedConnectionDetails(EmbeddedMemcached server) {
        return () -> List.of(server.address());
    }
}
