package io.cachewire.micrometer;

import static io.micrometer.observation.tck.TestObservationRegistryAssert.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.cachewire.BlockingMemcachedClient;
import io.cachewire.ConnectionLostException;
import io.cachewire.ServerAddress;
import io.cachewire.fixture.MemcachedServer;
import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.tck.TestObservationRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ObservationListenerTest {
    private final TestObservationRegistry registry = TestObservationRegistry.create();

    private BlockingMemcachedClient client(ServerAddress server) {
        return BlockingMemcachedClient.builder(server.toString())
                .listener(new ObservationListener(registry))
                .build();
    }

    @Test
    void aCallIsAnObservationWithItsNamesAndItsParent() {
        try (MemcachedServer server = MemcachedServer.start();
                BlockingMemcachedClient cache = client(server.address())) {
            Observation parent = Observation.start("parent", registry);
            parent.scoped(() -> cache.get("absent", String.class));
            parent.stop();
            assertThat(registry)
                    .hasObservationWithNameEqualTo("memcached.client.operation")
                    .that()
                    .hasBeenStarted()
                    .hasBeenStopped()
                    .doesNotHaveError()
                    .hasParentObservationEqualTo(parent)
                    .hasContextualNameEqualTo("memcached get")
                    .hasLowCardinalityKeyValue("operation", "get")
                    .hasLowCardinalityKeyValue("server", server.address().toString())
                    .hasLowCardinalityKeyValue("outcome", "miss")
                    .hasHighCardinalityKeyValue("memcached.attempts", "1")
                    .hasHighCardinalityKeyValue("memcached.key_count", "1")
                    .hasHighCardinalityKeyValue("memcached.hit_count", "0")
                    .hasHighCardinalityKeyValue("memcached.miss_count", "1");
        }
    }

    @Test
    void faultsAreErrorsAndMissesAreNot() {
        try (BlockingMemcachedClient cache = client(new ServerAddress("127.0.0.1", 1))) {
            assertThrows(ConnectionLostException.class, () -> cache.get("k", String.class));
            assertThat(registry)
                    .hasObservationWithNameEqualTo("memcached.client.operation")
                    .that()
                    .hasBeenStopped()
                    .hasLowCardinalityKeyValue("outcome", "error")
                    .hasError();
        }
    }

    /** Meters made from observations have the keys of the listener's timer. */
    @Test
    void theHandlerOfMetersMakesTheSameTimer() throws Exception {
        MeterRegistry meters = new SimpleMeterRegistry();
        registry.observationConfig().observationHandler(new DefaultMeterObservationHandler(meters));
        try (MemcachedServer server = MemcachedServer.start();
                BlockingMemcachedClient cache = client(server.address())) {
            cache.async().get("k", String.class).get(10, TimeUnit.SECONDS);
            cache.getAll(List.of("k", "l"), String.class);
            String name = server.address().toString();
            for (String one : List.of(name, "several")) {
                assertEquals(
                        1,
                        meters.get("memcached.client.operation")
                                .tags("operation", "get", "server", one, "outcome", "miss", "error", "none")
                                .timer()
                                .count());
            }
        }
    }

    @Test
    void onlyChosenCallsAreObservedByAConventionOfTheUsers() {
        var convention = new DefaultMemcachedObservationConvention() {
            @Override
            public KeyValues getLowCardinalityKeyValues(MemcachedObservationContext context) {
                return super.getLowCardinalityKeyValues(context)
                        .and(KeyValue.of("cache", context.call().namespace()));
            }
        };
        var listener = new ObservationListener(
                registry, convention, call -> !call.namespace().isEmpty());
        try (MemcachedServer server = MemcachedServer.start();
                BlockingMemcachedClient cache = BlockingMemcachedClient.builder(
                                server.address().toString())
                        .requestTimeout(Duration.ofSeconds(5))
                        .listener(listener)
                        .build()) {
            cache.get("k", String.class);
            assertThat(registry).doesNotHaveAnyObservation();
            cache.namespace("users:").get("k", String.class);
            assertThat(registry)
                    .hasNumberOfObservationsEqualTo(1)
                    .hasObservationWithNameEqualTo("memcached.client.operation")
                    .that()
                    .hasLowCardinalityKeyValue("cache", "users:");
        }
    }
}
