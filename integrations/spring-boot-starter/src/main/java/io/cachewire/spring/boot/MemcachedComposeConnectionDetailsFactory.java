package io.cachewire.spring.boot;

import java.util.List;
import org.springframework.boot.docker.compose.core.RunningService;
import org.springframework.boot.docker.compose.service.connection.DockerComposeConnectionDetailsFactory;
import org.springframework.boot.docker.compose.service.connection.DockerComposeConnectionSource;

/** A service of a compose file with the image {@code memcached} or {@code bitnami/memcached} is the server. */
final class MemcachedComposeConnectionDetailsFactory
        extends DockerComposeConnectionDetailsFactory<MemcachedConnectionDetails> {
    MemcachedComposeConnectionDetailsFactory() {
        super(new String[] {"memcached", "bitnami/memcached"});
    }

    @Override
    protected MemcachedConnectionDetails getDockerComposeConnectionDetails(DockerComposeConnectionSource source) {
        return new Details(source.getRunningService());
    }

    private static final class Details extends DockerComposeConnectionDetails implements MemcachedConnectionDetails {
        private final String server;

        Details(RunningService service) {
            super(service);
            server = service.host() + ":" + service.ports().get(11211);
        }

        @Override
        public List<String> servers() {
            return List.of(server);
        }
    }
}
