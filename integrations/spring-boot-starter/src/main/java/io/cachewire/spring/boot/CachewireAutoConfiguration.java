package io.cachewire.spring.boot;

import io.cachewire.AsyncMemcachedClient;
import io.cachewire.BlockingMemcachedClient;
import io.cachewire.ClientBuilder;
import io.cachewire.Tls;
import io.cachewire.observe.ClientListener;
import io.cachewire.serde.Serde;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.ssl.SslOptions;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/**
 * A client by the properties {@code cachewire.*}: beans for threads and for futures, which are two faces of one. Backs off from a client bean of the
 * program. The serdes are the beans of type {@link Serde}, or Jackson's when there are none and Jackson is on the class path.
 */
@AutoConfiguration(afterName = "org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration")
@ConditionalOnProperty(name = "cachewire.enabled", matchIfMissing = true)
public class CachewireAutoConfiguration {
    @Bean
    @ConditionalOnMissingBean(MemcachedConnectionDetails.class)
    MemcachedConnectionDetails cachewireConnectionDetails(Environment environment, ObjectProvider<SslBundles> bundles) {
        return new PropertiesConnectionDetails(environment, bundles);
    }

    @Bean
    @ConditionalOnMissingBean({BlockingMemcachedClient.class, AsyncMemcachedClient.class})
    BlockingMemcachedClient blockingMemcachedClient(
            Environment environment,
            MemcachedConnectionDetails details,
            ObjectProvider<Serde> serdes,
            ObjectProvider<ClientListener> listeners,
            ObjectProvider<ClientBuilderCustomizer> customizers) {
        ClientBuilder<BlockingMemcachedClient> builder =
                BlockingMemcachedClient.builder(details.servers().toArray(String[]::new));
        builder.settings(ClientTexts.of(environment).others());
        SslBundle bundle = details.sslBundle();
        if (bundle != null) {
            builder.tls(tls(bundle));
        }
        List<Serde> own = serdes.orderedStream().toList();
        if (!own.isEmpty()) {
            builder.serdes(own);
        }
        listeners.orderedStream().forEach(builder::listener);
        customizers.orderedStream().forEach(customizer -> customizer.customize(builder));
        return builder.build();
    }

    private static Tls tls(SslBundle bundle) {
        Tls tls = Tls.of(bundle.createSslContext());
        SslOptions options = bundle.getOptions();
        if (options.getCiphers() != null) {
            tls = tls.cipherSuites(options.getCiphers());
        }
        return options.getEnabledProtocols() == null ? tls : tls.protocols(options.getEnabledProtocols());
    }

    /** The face for futures of the client for threads; closed with it. */
    @Bean(destroyMethod = "")
    @ConditionalOnMissingBean(AsyncMemcachedClient.class)
    @ConditionalOnSingleCandidate(BlockingMemcachedClient.class)
    AsyncMemcachedClient asyncMemcachedClient(BlockingMemcachedClient client) {
        return client.async();
    }

    /** The face for threads of a client for futures that the program made. */
    @Bean(destroyMethod = "")
    @ConditionalOnMissingBean(BlockingMemcachedClient.class)
    @ConditionalOnSingleCandidate(AsyncMemcachedClient.class)
    BlockingMemcachedClient blockingFaceOfAsyncMemcachedClient(AsyncMemcachedClient client) {
        return client.blocking();
    }

    /** JSON by Jackson 3, that of Boot 4. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(
            name = {"tools.jackson.databind.json.JsonMapper", "io.cachewire.serialization.jackson3.JacksonSerde"})
    static class WithJackson3 {
        @Bean
        @ConditionalOnMissingBean(Serde.class)
        Serde cachewireJacksonSerde() {
            return io.cachewire.serialization.jackson3.JacksonSerde.create();
        }
    }

    /** JSON by Jackson 2, that of Boot 3. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(
            name = {
                "com.fasterxml.jackson.databind.ObjectMapper",
                "com.fasterxml.jackson.datatype.jsr310.JavaTimeModule",
                "io.cachewire.serialization.jackson.JacksonSerde"
            })
    @ConditionalOnMissingClass("tools.jackson.databind.json.JsonMapper")
    static class WithJackson2 {
        @Bean
        @ConditionalOnMissingBean(Serde.class)
        Serde cachewireJacksonSerde() {
            return io.cachewire.serialization.jackson.JacksonSerde.create();
        }
    }
}
