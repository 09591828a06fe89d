package io.cachewire.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.cachewire.ServerAddress;
import io.cachewire.routing.InteropVectors.Row;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class NodeNameTest {
    @Test
    void libmemcachedLeavesTheDefaultPortOut() {
        assertEquals("10.0.0.1", NodeName.LIBMEMCACHED.of(ServerAddress.parse("10.0.0.1:11211")));
        assertEquals("10.0.0.1:11212", NodeName.LIBMEMCACHED.of(ServerAddress.parse("10.0.0.1:11212")));
        assertEquals("::1:11212", NodeName.LIBMEMCACHED.of(ServerAddress.parse("[::1]:11212")));
        assertEquals("/run/mc.sock:0", NodeName.LIBMEMCACHED.of(ServerAddress.parse("/run/mc.sock")));
        assertEquals("/10.0.0.1:11211", NodeName.LIBMEMCACHED_KETAMA_SPY.of(ServerAddress.parse("10.0.0.1")));
    }

    @Test
    void hostAndPortIsThePathForASocket() {
        assertEquals("10.0.0.1:11211", NodeName.HOST_PORT.of(ServerAddress.parse("10.0.0.1")));
        assertEquals("::1:11211", NodeName.HOST_PORT.of(ServerAddress.parse("[::1]:11211")));
        assertEquals("/run/mc.sock", NodeName.HOST_PORT.of(ServerAddress.parse("unix:/run/mc.sock")));
    }

    /** The rows say what the ring of the JVM client was built from. */
    @TestFactory
    Stream<DynamicTest> recordedNodeStrings() {
        return Stream.concat(
                        InteropVectors.rows("ring-jvm.json").stream(), InteropVectors.rows("ring-edge.json").stream())
                .filter(row -> row.json().has("node_strings"))
                .map(row -> DynamicTest.dynamicTest(row.name(), () -> {
                    List<String> recorded = row.texts("node_strings").stream()
                            .map(text -> row.client().equals("spymemcached") ? text.replaceFirst("-0$", "") : text)
                            .toList();
                    assertEquals(recorded, name(row).all(row.servers()));
                }));
    }

    private static NodeName name(Row row) {
        HostLookup lookup = RecordedSetup.lookup(row);
        String mode = row.mode();
        return switch (row.client()) {
            case "spymemcached" ->
                mode.endsWith(":LIBMEMCACHED")
                        ? NodeName.spymemcachedLibmemcached(lookup)
                        : NodeName.spymemcached(lookup);
            case "folsom" -> NodeName.HOST_PORT;
            default ->
                mode.startsWith("ketama-nginx")
                        ? NodeName.xmemcachedNginx(lookup)
                        : mode.startsWith("ketama-gwhalin")
                                ? NodeName.xmemcachedGwhalin(lookup)
                                : mode.startsWith("libmemcached")
                                        ? NodeName.spymemcachedLibmemcached(lookup)
                                        : NodeName.xmemcached(lookup);
        };
    }
}
