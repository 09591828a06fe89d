package io.cachewire.spring.boot;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/** The servers that the properties name; a memcached on this machine when none is named. */
final class PropertiesConnectionDetails implements MemcachedConnectionDetails {
    private final List<String> servers;
    private final @Nullable SslBundle bundle;

    PropertiesConnectionDetails(Environment environment, ObjectProvider<SslBundles> bundles) {
        ClientTexts texts = ClientTexts.of(environment);
        if (texts.isWithoutServers()) {
            throw new IllegalStateException(
                    "cachewire.servers is empty: name one server at least, or leave the property out for localhost:11211");
        }
        servers = texts.servers().isEmpty() ? List.of("localhost:11211") : texts.servers();
        String name = environment.getProperty("cachewire.ssl.bundle");
        bundle = StringUtils.hasText(name) ? bundles.getObject().getBundle(name) : null;
    }

    @Override
    public List<String> servers() {
        return servers;
    }

    @Override
    public @Nullable SslBundle sslBundle() {
        return bundle;
    }
}
