package io.cachewire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cachewire.MemcachedException.Delivery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The ranges of the settings: the last value inside is taken as it is, the first one outside is refused at once. */
class ClientBuilderTest {
    private static final Duration MS = Duration.ofMillis(1);
    private static final Duration DAY = Duration.ofDays(1);

    private interface Setter<V> extends BiConsumer<ClientBuilder<?>, V> {}

    private static ClientBuilder<BlockingMemcachedClient> builder() {
        return BlockingMemcachedClient.builder("host");
    }

    private static <V> Arguments range(Setter<V> set, List<V> inside, List<V> outside) {
        return Arguments.of(set, inside, outside);
    }

    static Stream<Arguments> ranges() {
        List<Duration> times = List.of(MS, Duration.ofMillis(250), DAY);
        List<Duration> noTimes = List.of(
                Duration.ZERO,
                MS.negated(),
                MS.minusNanos(1),
                DAY.plusNanos(1),
                Duration.ofSeconds(Long.MAX_VALUE),
                Duration.ofSeconds(Long.MIN_VALUE));
        return Stream.of(
                range(ClientBuilder::requestTimeout, times, noTimes),
                range(ClientBuilder::connectTimeout, times, noTimes),
                range(ClientBuilder::stallTimeout, times, noTimes),
                range((b, time) -> b.backoff(time, DAY), times, noTimes),
                range((b, time) -> b.backoff(MS, time), times, noTimes),
                range(ClientBuilder::connectionsPerServer, List.of(1, 64), List.of(0, -1, 65, Integer.MAX_VALUE)),
                range(
                        ClientBuilder::maxPendingRequests,
                        List.of(1, 1_000_000),
                        List.of(0, -1, 1_000_001, Integer.MIN_VALUE)),
                range(ClientBuilder::maxInFlight, List.of(1, 1_000_000), List.of(0, -1, 1_000_001, Integer.MIN_VALUE)),
                range(
                        ClientBuilder::maxPendingBytes,
                        List.of(1024L, 1L << 39),
                        List.of(1023L, 0L, -1L, (1L << 39) + 1)),
                range(ClientBuilder::memoryBudget, List.of(1L << 20, Long.MAX_VALUE), List.of((1L << 20) - 1, 0L, -1L)),
                range(ClientBuilder::maxValueBytes, List.of(1, 1 << 30), List.of(0, -1, (1 << 30) + 1)));
    }

    @ParameterizedTest
    @MethodSource("ranges")
    <V> void rangeIsChecked(Setter<V> set, List<V> inside, List<V> outside) {
        ClientBuilder<BlockingMemcachedClient> builder = builder();
        List<ClientSettings> seen = new ArrayList<>();
        for (V value : inside) {
            set.accept(builder, value);
            seen.add(builder.settings());
        }
        assertEquals(inside.size(), Set.copyOf(seen).size(), "each value shows in the settings");
        for (V value : outside) {
            IllegalRequestException e =
                    assertThrows(IllegalRequestException.class, () -> set.accept(builder, value), () -> "" + value);
            assertEquals(Delivery.NOT_SENT, e.delivery());
            assertTrue(e.getMessage().contains(value.toString()), e.getMessage());
            assertEquals(seen.get(seen.size() - 1), builder.settings());
        }
    }

    @Test
    void backoffInOrder() {
        ClientBuilder<?> builder = builder();
        ClientSettings before = builder.settings();
        assertThrows(IllegalRequestException.class, () -> builder.backoff(DAY, MS));
        assertEquals(before, builder.settings());
        ClientSettings settings = builder.backoff(MS, MS).settings();
        assertEquals(MS, settings.minBackoff());
        assertEquals(MS, settings.maxBackoff());
    }

    @Test
    void servers() {
        assertThrows(
                IllegalRequestException.class,
                () -> BlockingMemcachedClient.builder().build());
        assertThrows(IllegalRequestException.class, () -> BlockingMemcachedClient.builder("a", "b", "a"));
        assertThrows(IllegalRequestException.class, () -> BlockingMemcachedClient.builder("a", "a:11211:3"));
        List<ServerAddress> given = new ArrayList<>(List.of(new ServerAddress("a", 1), new ServerAddress("a", 2)));
        ClientBuilder<?> builder = builder().servers(given);
        given.clear();
        assertEquals(2, builder.settings().servers().size());
    }

    @Test
    void memoryBudgetHoldsOneValue() {
        ClientBuilder<BlockingMemcachedClient> builder =
                builder().maxValueBytes(8 << 20).memoryBudget((8 << 20) - 1);
        IllegalRequestException e = assertThrows(IllegalRequestException.class, builder::build);
        assertTrue(e.getMessage().contains("8388607") && e.getMessage().contains("8388608"), e.getMessage());
        builder.memoryBudget(8 << 20).build().close();
    }

    @Test
    void defaults() {
        ClientSettings settings = builder().settings();
        assertEquals(List.of(new ServerAddress("host", 11211)), settings.servers());
        assertEquals(Protocol.AUTO, settings.protocol());
        assertEquals(KeyEncoding.ASCII, settings.keyEncoding());
        assertEquals(FailureMode.THROW, settings.failureMode());
        assertEquals(Expiry.never(), settings.defaultExpiry());
        assertEquals("", settings.namespace());
        assertEquals(1, settings.connectionsPerServer());
        assertEquals(1 << 20, settings.maxValueBytes());
    }
}
