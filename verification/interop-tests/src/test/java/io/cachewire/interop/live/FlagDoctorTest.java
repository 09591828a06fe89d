package io.cachewire.interop.live;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.cachewire.fixture.MemcachedServer;
import io.cachewire.samples.doctor.Diagnosis;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** The flag doctor on a server that the real clients have filled, each under a prefix of its own. */
class FlagDoctorTest {
    private static final String PYTHON = "pylibmc, pythonMemcached, pymemcache.pickle";
    private static final String JVM = "spymemcached, xmemcached";

    /** Of those that have no flags, all readers are right. */
    private static final String ALL =
            "no preset, pylibmc, pythonMemcached, pymemcache.pickle, pymemcache.json, phpMemcached, dalli, "
                    + "dalli.json, spymemcached, xmemcached, nodeMemcached, cacheMemcached, enyim, moecache, memjs";

    /** What is said about each client: who reads the items, how many of them nobody reads, and the form of a map. */
    private record Finding(String readers, int unread, String map) {}

    private static final Map<String, Finding> FINDINGS = Map.ofEntries(
            Map.entry("pylibmc", new Finding(PYTHON, 0, "0x1 pickle")),
            Map.entry("python-memcached", new Finding(PYTHON, 0, "0x1 pickle")),
            Map.entry("pymemcache HashClient, pickle_serde", new Finding(PYTHON, 0, "0x1 pickle")),
            Map.entry(
                    "pymemcache HashClient, JSON of its documentation", new Finding("pymemcache.json", 0, "0x2 JSON")),
            Map.entry("php-memcached", new Finding("phpMemcached", 0, "0x4 PHP serialize")),
            Map.entry("dalli", new Finding("", 13, "0x1 Ruby Marshal")),
            Map.entry("dalli, serializer JSON, weights", new Finding("dalli, dalli.json", 0, "0x1 JSON")),
            Map.entry("Cache::Memcached, weights", new Finding(ALL, 2, "0x1 Perl Storable")),
            Map.entry("memcached (npm)", new Finding("nodeMemcached", 0, "0x2 JSON")),
            Map.entry("memjs", new Finding(ALL, 0, "0x0 text")),
            Map.entry("gomemcache", new Finding(ALL, 0, "0x0 text")),
            Map.entry("spymemcached", new Finding(JVM, 3, "0x1 Java serialization")),
            Map.entry("xmemcached, weights", new Finding(JVM, 3, "0x1 Java serialization")),
            Map.entry("folsom, byte array client", new Finding(ALL, 0, "0x0 text")));

    @Test
    void namesWhoHasWrittenWhatByPrefix() {
        List<Setup> setups = Setups.all().stream()
                .filter(setup -> FINDINGS.containsKey(setup.name()))
                .toList();
        assertEquals(FINDINGS.size(), setups.size());
        try (MemcachedServer server = MemcachedServer.start()) {
            Map<String, Integer> stored = new LinkedHashMap<>();
            for (Setup setup : setups) {
                try (Peer peer = LiveSharingTest.installed(() -> setup.peer().apply(List.of(server.address())))) {
                    String prefix = "client" + stored.size() + ":";
                    Map<String, Object> values = values(prefix);
                    int refused = peer.store(values, 0).size();
                    stored.put(prefix, values.size() - refused);
                }
            }
            String report =
                    String.join("\n", Diagnosis.of(server.address(), 1000).lines()) + "\n\n";
            int all = stored.values().stream().mapToInt(i -> i).sum();
            Stream<Executable> checks = Stream.concat(
                    Stream.of(() -> assertEquals(
                            server.address() + ": " + all + " keys, " + all + " looked at",
                            report.lines().findFirst().orElse(""))),
                    setups.stream().map(setup -> () -> {
                        String prefix = "client" + setups.indexOf(setup) + ":";
                        check(setup.name(), block(report, prefix), stored.get(prefix));
                    }));
            assertAll(checks);
        }
    }

    private static Map<String, Object> values(String prefix) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (Kind kind : Kind.values()) {
            values.put(prefix + kind, kind.value(1));
        }
        return values;
    }

    private static String block(String report, String prefix) {
        Matcher block =
                Pattern.compile("\n" + prefix + "  (.*?)\n\n", Pattern.DOTALL).matcher(report);
        return block.find() ? block.group(1) : "";
    }

    private static void check(String client, String block, int stored) {
        Finding finding = FINDINGS.get(client);
        List<String> lines = block.lines().map(String::strip).toList();
        int read = stored - finding.unread();
        assertEquals(stored + " items", lines.get(0), client);
        assertEquals(
                1,
                lines.stream()
                        .filter(line -> line.endsWith("flags " + finding.map()))
                        .count(),
                block);
        String readers =
                finding.readers().isEmpty() ? "" : "read by " + finding.readers() + ": " + read + " of " + stored;
        String unread = finding.unread() == 0 ? "" : "read by no preset: " + finding.unread();
        List<String> verdicts =
                Stream.of(readers, unread).filter(line -> !line.isEmpty()).toList();
        assertEquals(
                verdicts,
                lines.stream().filter(line -> line.startsWith("read by")).toList(),
                client);
    }
}
