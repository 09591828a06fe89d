package io.cachewire.spring.boot;

import java.util.List;
import org.springframework.boot.testcontainers.service.connection.ContainerConnectionDetailsFactory;
import org.springframework.boot.testcontainers.service.connection.ContainerConnectionSource;
import org.testcontainers.containers.Container;

/** A container of the image {@code memcached} or {@code bitnami/memcached} with {@code @ServiceConnection} is the server. */
final class MemcachedContainerConnectionDetailsFactory
        extends ContainerConnectionDetailsFactory<Container<?>, MemcachedConnectionDetails> {
    static final List<String> IMAGES = List.of("memcached", "bitnami/memcached");
    static final int PORT = 11211;

    MemcachedContainerConnectionDetailsFactory() {
        super(IMAGES);
    }

    @Override
    protected MemcachedConnectionDetails getContainerConnectionDetails(ContainerConnectionSource<Container<?>> source) {
        return new Details(source);
    }

    private static final class Details extends ContainerConnectionDetails<Container<?>>
            implements MemcachedConnectionDetails {
        Details(ContainerConnectionSource<Container<?>> source) {
            super(source);
        }

        @Override
        public List<String> servers() {
            return List.of(getContainer().getHost() + ":" + getContainer().getMappedPort(PORT));
        }
    }
}
