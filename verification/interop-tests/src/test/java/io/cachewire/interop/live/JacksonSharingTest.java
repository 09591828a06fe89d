package io.cachewire.interop.live;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.cachewire.BlockingMemcachedClient;
import io.cachewire.ClientPreset;
import io.cachewire.ServerAddress;
import io.cachewire.interop.Interop;
import io.cachewire.serde.Serde;
import io.cachewire.serialization.jackson.JacksonSerde;
import java.math.BigInteger;
import java.time.Duration;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Records that the serdes on Jackson write are objects of Python, PHP, Ruby and JavaScript, and theirs are records. */
class JacksonSharingTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int KEYS = 20;

    private static Pool pool;

    private record Address(String street, List<Integer> floors) {}

    private record Visitor(
            long id, String name, double score, boolean active, LocalDate day, String nick, Address address) {
        static Visitor number(int i) {
            return new Visitor(
                    i * 1_000_000_007L,
                    "Grüße \uD83D\uDE00 \"" + i + "\"\\",
                    i + 0.5,
                    i % 2 == 0,
                    LocalDate.of(2026, 11, 30),
                    null,
                    new Address("Straße " + i, List.of(i, -i)));
        }

        /** As the other languages see it. */
        Map<String, Object> plain() {
            Map<String, Object> lived = new LinkedHashMap<>();
            lived.put("street", address.street());
            lived.put(
                    "floors", address.floors().stream().map(BigInteger::valueOf).toList());
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("id", BigInteger.valueOf(id));
            map.put("name", name);
            map.put("score", score);
            map.put("active", active);
            map.put("day", day.toString());
            map.put("nick", nick);
            map.put("address", lived);
            return map;
        }
    }

    @BeforeAll
    static void startServers() {
        pool = new Pool();
    }

    @AfterAll
    static void stopServers() {
        pool.close();
    }

    static Stream<Setup> setups() {
        return Stream.of(JacksonSerde.create(), io.cachewire.serialization.jackson3.JacksonSerde.create())
                .flatMap(JacksonSharingTest::setups);
    }

    private static Stream<Setup> setups(Serde serde) {
        String name = serde.getClass().getPackageName().replaceFirst(".*\\.", "") + ", ";
        return Stream.of(
                Setup.of(
                        Program.PYMEMCACHE,
                        name + "pymemcache",
                        "{\"client\":\"pymemcache\",\"serde\":\"json\"}",
                        "",
                        Interop.pymemcache().json(serde).unicodeKeys()),
                Setup.of(
                        Program.PHP,
                        name + "php-memcached",
                        "{\"options\":{\"OPT_DISTRIBUTION\":\"DISTRIBUTION_CONSISTENT\",\"OPT_SERIALIZER\":\"SERIALIZER_JSON\","
                                + "\"OPT_BINARY_PROTOCOL\":true}}",
                        "",
                        Interop.phpMemcached().consistent().json(serde).unicodeKeys()),
                Setup.of(
                        Program.RUBY,
                        name + "dalli",
                        "{\"options\":{\"serializer\":\"JSON\"}}",
                        "",
                        Interop.dalli().json(serde)),
                Setup.of(
                        Program.NODE,
                        name + "memcached (npm)",
                        "{\"client\":\"memcached\"}",
                        "",
                        Interop.nodeMemcached().json(serde)));
    }

    @ParameterizedTest
    @MethodSource("setups")
    void recordsAreObjectsOfTheOtherLanguageAndTheirsAreRecords(Setup setup) {
        pool.clear();
        List<ServerAddress> servers = pool.servers(i -> 1);
        try (Peer peer = LiveSharingTest.installed(() -> setup.peer().apply(servers));
                BlockingMemcachedClient ours = client(servers, setup.ours())) {
            Map<String, Visitor> visitors = new LinkedHashMap<>();
            for (int i = 0; i < KEYS; i++) {
                visitors.put("visitor:" + i, Visitor.number(i));
            }
            ours.setAll(visitors);
            Peer.Fetched fetched = peer.fetch(visitors.keySet());
            assertEquals(Map.of(), fetched.failed());
            visitors.forEach((key, visitor) ->
                    assertEquals(visitor.plain(), fetched.hits().get(key)));

            pool.clear();
            assertEquals(Map.of(), peer.store(map(visitors, Visitor::plain), 0));
            assertEquals(visitors, ours.getAll(visitors.keySet(), Visitor.class));
        }
    }

    private static <A, B> Map<String, B> map(Map<String, A> all, Function<A, B> change) {
        Map<String, B> changed = new LinkedHashMap<>();
        all.forEach((key, value) -> changed.put(key, change.apply(value)));
        return changed;
    }

    private static BlockingMemcachedClient client(List<ServerAddress> servers, ClientPreset preset) {
        return BlockingMemcachedClient.builder()
                .servers(servers)
                .requestTimeout(PATIENCE)
                .connectTimeout(PATIENCE)
                .interop(preset)
                .build();
    }
}
