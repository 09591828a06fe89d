package io.cachewire.interop.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.cachewire.BlockingMemcachedClient;
import io.cachewire.ClientPreset;
import io.cachewire.IllegalKeyException;
import io.cachewire.interop.Interop;
import io.cachewire.interop.InteropPreset;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Keys that a client does not send as it is given them: both sides find them, on the first server asked. */
class RewrittenKeysTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static Pool pool;

    @BeforeAll
    static void startServers() {
        pool = new Pool();
    }

    @AfterAll
    static void stopServers() {
        pool.close();
    }

    private static Setup dalli(String options, ClientPreset ours) {
        return Setup.of(Program.RUBY, "dalli " + options, "{\"raw\":true,\"options\":{" + options + "}}", "", ours);
    }

    private static Setup node(String options, ClientPreset ours) {
        String json = "{\"client\":\"memcached\",\"options\":{" + options + "}}";
        return Setup.of(Program.NODE, "memcached (npm) " + options, json, "", ours);
    }

    private static ClientPreset within(String namespace, InteropPreset preset) {
        return builder -> {
            preset.applyTo(builder);
            builder.namespace(namespace);
        };
    }

    static Stream<Setup> setups() {
        return Stream.of(
                dalli("", Interop.dalli()),
                dalli("\"namespace\":\"ns\"", within("ns:", Interop.dalli())),
                node("", Interop.nodeMemcached()),
                node("\"namespace\":\"ns:\"", within("ns:", Interop.nodeMemcached())));
    }

    private static List<String> keys() {
        List<String> keys = new ArrayList<>();
        for (int length = 244; length < 260; length++) {
            keys.add(("k" + length + "-").repeat(60).substring(0, length));
        }
        for (int i = 0; i < 40; i++) {
            keys.add(i + "x".repeat(250 + 31 * i));
            keys.add("price$$" + i);
            keys.add(i + "$&$$$1$");
        }
        // no two that are sent as one: "$$" would be "$" on another server or, by chance, on the same
        keys.addAll(List.of("$", "$$$", "x$$$$", "é".repeat(260), "a".repeat(213) + "é".repeat(60)));
        return keys;
    }

    @ParameterizedTest
    @MethodSource("setups")
    void areFoundByBoth(Setup setup) {
        pool.clear();
        try (Peer peer = LiveSharingTest.installed(() -> setup.peer().apply(pool.servers(i -> 1)));
                BlockingMemcachedClient ours = BlockingMemcachedClient.builder()
                        .servers(pool.servers(i -> 1))
                        .requestTimeout(PATIENCE)
                        .connectTimeout(PATIENCE)
                        .interop(setup.ours())
                        .build()) {
            Map<String, String> theirs = new LinkedHashMap<>();
            keys().forEach(key -> theirs.put(key, "theirs " + key.hashCode()));
            // what they cannot store with more bytes than characters, we refuse
            for (String key : peer.store(theirs, 0).keySet()) {
                assertThrows(IllegalKeyException.class, () -> ours.get(key, String.class), key);
                theirs.remove(key);
            }
            // the greeting of each connection reads a key that no item has
            ours.connect();
            long misses = pool.sum("get_misses");
            assertSame(theirs, ours.getAll(theirs.keySet(), String.class));
            Map<String, String> written = new LinkedHashMap<>();
            theirs.keySet().forEach(key -> written.put(key, "ours " + key.hashCode()));
            ours.setAll(written);
            assertSame(
                    written, peer.fetch(new LinkedHashSet<>(written.keySet())).hits());
            assertEquals(misses, pool.sum("get_misses"), "servers asked that did not have the key");
        }
    }

    /** With a message of bearable length. */
    private static void assertSame(Map<String, ?> written, Map<String, ?> read) {
        List<String> other = written.keySet().stream()
                .filter(key -> !written.get(key).equals(read.get(key)))
                .map(key -> key.length() + " characters, " + key.substring(0, Math.min(12, key.length())))
                .toList();
        assertEquals(List.of(), other);
        assertEquals(written.size(), read.size());
    }

    @Test
    void whatTheCommandWouldBeWrittenIntoIsRefused() {
        try (BlockingMemcachedClient ours = BlockingMemcachedClient.builder()
                .servers(pool.servers(i -> 1))
                .interop(Interop.nodeMemcached())
                .build()) {
            for (String key : List.of("a$`b", "a$'b", "a\u00a0b", "a\u2003b", "\ufeff")) {
                assertThrows(IllegalKeyException.class, () -> ours.set(key, "value"));
            }
        }
    }
}
