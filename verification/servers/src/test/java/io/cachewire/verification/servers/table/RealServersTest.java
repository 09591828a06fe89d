package io.cachewire.verification.servers.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/**
 * The table on real servers: memcached of the PATH, twemproxy before two of it, Hazelcast and Infinispan in this JVM,
 * and what {@value #SERVERS} names. CONTRIBUTING.md has the form of the variable.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RealServersTest {
    static final String SERVERS = "CACHEWIRE_SERVERS";

    private final Processes processes = new Processes();

    @AfterAll
    void end() {
        processes.close();
    }

    @TestFactory
    Stream<DynamicTest> memcached() throws Exception {
        return unlisted(Map.of("memcached of the PATH", processes.memcached(memcachedOnPath())));
    }

    @TestFactory
    Stream<DynamicTest> twemproxyBeforeTwoMemcacheds() throws Exception {
        Path twemproxy = required("nutcracker");
        return listed(Map.of("twemproxy", processes.twemproxy(twemproxy, memcachedOnPath())));
    }

    @TestFactory
    Stream<DynamicTest> hazelcast() throws Exception {
        try (EmbeddedServers.Running server = EmbeddedServers.hazelcast()) {
            return listed(Map.of("Hazelcast", server.address()));
        }
    }

    @TestFactory
    Stream<DynamicTest> infinispan() throws Exception {
        try (EmbeddedServers.Running server = EmbeddedServers.infinispan()) {
            return listed(Map.of("Infinispan", server.address()));
        }
    }

    @TestFactory
    Stream<DynamicTest> serversOfTheVariable() throws Exception {
        Map<String, String> addresses = new LinkedHashMap<>();
        for (String server : System.getenv().getOrDefault(SERVERS, "").split("[\\s,]+")) {
            if (!server.isEmpty()) {
                Path binary = Path.of(server);
                boolean starts = server.contains("/") && Files.isExecutable(binary);
                addresses.put(
                        starts ? String.valueOf(binary.getFileName()) : server,
                        starts ? processes.memcached(binary) : server);
            }
        }
        return unlisted(addresses);
    }

    @Test
    void everyServerOfTheVariableIsABinaryOrAnAddress() {
        List<String> neither = Stream.of(
                        System.getenv().getOrDefault(SERVERS, "").split("[\\s,]+"))
                .filter(server -> !server.isEmpty())
                .filter(server ->
                        server.contains("/") ? !Files.isExecutable(Path.of(server)) : !server.matches(".+:[0-9]+"))
                .toList();
        assertEquals(List.of(), neither, SERVERS);
    }

    /** Held to the list by their names, as the models are. */
    private static Stream<DynamicTest> listed(Map<String, String> addresses) throws Exception {
        Table table = Table.of(addresses);
        return tests(table, new Review(table, Refusals.read()));
    }

    private static Stream<DynamicTest> unlisted(Map<String, String> addresses) throws Exception {
        Table table = Table.of(addresses);
        return tests(table, Review.ofUnlisted(table, Refusals.read()));
    }

    private static Stream<DynamicTest> tests(Table table, Review review) {
        return Stream.concat(
                table.cells().keySet().stream()
                        .map(place -> dynamicTest(
                                place.toString(),
                                () -> assertEquals("", String.join("\n", review.complaints(place)), place.toString()))),
                table.servers().stream()
                        .map(server -> dynamicTest(
                                server + ", AUTO is not worse than TEXT",
                                () -> assertEquals(List.of(), review.worseThanText(server)))));
    }

    private static Path memcachedOnPath() {
        return required("memcached");
    }

    /** A program that this test needs: its lack is a failure where everything must be there. */
    private static Path required(String program) {
        Optional<Path> found = Processes.find(program);
        if (found.isEmpty() && "true".equals(System.getenv("CI"))) {
            fail("install " + program + " (apt-get install " + program + ")");
        }
        assumeTrue(found.isPresent(), "without " + program + " (apt-get install " + program + ") this is not tried");
        return found.orElseThrow();
    }
}
