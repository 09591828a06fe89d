package io.cachewire.spring.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.cachewire.BlockingMemcachedClient;
import io.cachewire.embedded.EmbeddedMemcached;
import java.lang.reflect.Constructor;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;
import org.springframework.boot.autoconfigure.service.connection.ConnectionDetailsFactories;
import org.springframework.boot.docker.compose.core.ConnectionPorts;
import org.springframework.boot.docker.compose.core.ImageReference;
import org.springframework.boot.docker.compose.core.RunningService;
import org.springframework.boot.docker.compose.service.connection.DockerComposeConnectionSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.testcontainers.service.connection.ServiceConnection;
import org.springframework.boot.testcontainers.service.connection.ServiceConnectionAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.testcontainers.containers.Container;

/** Boot's own factories on objects that stand for an engine's; no container runs here. */
class ServiceConnectionTest {
    private static EmbeddedMemcached server;

    @BeforeAll
    static void start() {
        server = EmbeddedMemcached.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @SuppressWarnings("unchecked")
    private static <T> T standIn(Class<T> type, Map<String, Object> answers) {
        return (T) Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
            if (answers.containsKey(method.getName())) {
                return answers.get(method.getName());
            }
            return switch (method.getName()) {
                case "hashCode" -> System.identityHashCode(proxy);
                case "equals" -> proxy == arguments[0];
                default -> null;
            };
        });
    }

    @Configuration(proxyBeanMethods = false)
    static class WithContainer {
        @Bean
        @ServiceConnection(name = "memcached")
        Container<?> memcached() {
            return standIn(
                    Container.class,
                    Map.of(
                            "getHost",
                            server.host(),
                            "getMappedPort",
                            server.port(),
                            "getDockerImageName",
                            "memcached:1.6"));
        }
    }

    @Test
    void aContainerIsTheServer() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        ServiceConnectionAutoConfiguration.class, CachewireAutoConfiguration.class))
                .withUserConfiguration(WithContainer.class)
                .withPropertyValues("cachewire.servers=elsewhere:1")
                .run(context -> {
                    assertNull(context.getStartupFailure());
                    assertEquals(
                            List.of(server.host() + ":" + server.port()),
                            context.getBean(MemcachedConnectionDetails.class).servers());
                    BlockingMemcachedClient client = context.getBean(BlockingMemcachedClient.class);
                    client.set("container", "here");
                    assertEquals("here", client.get("container", String.class));
                });
    }

    @Test
    void aServiceOfAComposeFileIsTheServer() throws ReflectiveOperationException {
        RunningService service = standIn(
                RunningService.class,
                Map.of(
                        "name", "cache",
                        "image", ImageReference.of("docker.io/library/memcached:1.6"),
                        "host", server.host(),
                        "ports", standIn(ConnectionPorts.class, Map.of("get", server.port())),
                        "labels", Map.of(),
                        "env", Map.of()));
        Constructor<?> constructor = DockerComposeConnectionSource.class.getDeclaredConstructors()[0];
        constructor.setAccessible(true);
        Object[] arguments = Arrays.stream(constructor.getParameterTypes())
                .map(type ->
                        type == RunningService.class ? service : new org.springframework.core.env.StandardEnvironment())
                .toArray();
        Map<Class<?>, ConnectionDetails> found = new ConnectionDetailsFactories(
                        getClass().getClassLoader())
                .getConnectionDetails(constructor.newInstance(arguments), true);
        MemcachedConnectionDetails details =
                assertInstanceOf(MemcachedConnectionDetails.class, found.get(MemcachedConnectionDetails.class));
        assertEquals(List.of(server.host() + ":" + server.port()), details.servers());
    }
}
