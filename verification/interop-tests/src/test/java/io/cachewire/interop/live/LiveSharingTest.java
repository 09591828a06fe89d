package io.cachewire.interop.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cachewire.Item;
import io.cachewire.interop.GeneratedPart;
import io.cachewire.interop.live.Sharing.Direction;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each real client and ours share five servers. A client that is not installed fails in CI; elsewhere its tests are skipped
 * and say what to install.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LiveSharingTest {
    private static final int KEYS_OF_EACH = 10;

    private static Pool pool;

    static Stream<Setup> setups() {
        return Setups.all().stream();
    }

    @AfterAll
    static void stopServers() {
        if (pool != null) {
            pool.close();
            pool = null;
        }
    }

    private static Sharing open(Setup setup) {
        if (pool == null) {
            pool = new Pool();
        }
        return installed(() -> new Sharing(setup, pool));
    }

    /** What needs a real client; without it the test fails in CI, and is skipped elsewhere. */
    static <T> T installed(Supplier<T> start) {
        try {
            return start.get();
        } catch (Setup.MissingPeerException e) {
            if ("true".equals(System.getenv("CI"))) {
                throw new AssertionError(e.getMessage());
            }
            return Assumptions.abort(e.getMessage());
        }
    }

    @Order(1)
    @ParameterizedTest
    @MethodSource("setups")
    void readsWhatTheyWriteAndIsReadByThem(Setup setup) {
        try (Sharing sharing = open(setup)) {
            Direction read = sharing.theirsToOurs();
            check(read, "they write, we read");
            Direction written = sharing.oursToTheirs();
            check(written, "we write, they read");
            Results.add(setup, sharing.peer().version(), read, written);
            assertEquals(
                    names(setup.notShared()), names(Results.notShared(read, written)), "kinds that are not shared");
        }
    }

    @Order(2)
    @Test
    void theTableInTheDocumentationIsThisOne() throws IOException {
        GeneratedPart table = new GeneratedPart(GeneratedPart.docs().resolve("interop.md"), "shared values");
        List<String> names = Setups.all().stream().map(Setup::name).toList();
        if (Results.rows().keySet().containsAll(names)) {
            table.check(Results.table(names));
        } else {
            // rows of clients that are missing here, or that have failed above, are left as they are
            assertFalse(GeneratedPart.UPDATE, "the table can only be written where all clients are installed and pass");
            String text = table.text();
            Results.rows()
                    .values()
                    .forEach(row -> assertTrue(text.contains(row), () -> "docs/interop.md differs: " + row));
        }
    }

    private static void check(Direction direction, String which) {
        assertEquals(
                List.of(),
                direction.wrong().stream().limit(5).toList(),
                () -> which + ": wrong values, of " + direction.wrong().size());
        assertEquals(0, direction.missed(), () -> which + ": servers asked that did not have the key");
        assertEquals(direction.stored(), direction.found(), () -> which + ": found on the first server");
    }

    private static Set<String> names(Set<Kind> kinds) {
        return kinds.stream().map(Kind::name).collect(Collectors.toCollection(TreeSet::new));
    }

    @ParameterizedTest
    @MethodSource("setups")
    void countersCountOnBothSides(Setup setup) {
        try (Sharing sharing = open(setup)) {
            for (int i = 0; i < KEYS_OF_EACH; i++) {
                String key = "visits:" + i;
                assertEquals(41L, sharing.ours().increment(key, 1, 41, Duration.ofMinutes(5)));
                assertEquals(46L, sharing.peer().increment(key, 5));
                assertEquals(50L, sharing.ours().increment(key, 4));
                assertEquals(50L, sharing.ours().get(key, Long.class));
                assertEquals(51L, sharing.peer().increment(key, 1));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("setups")
    void expiriesAndDeletesAreSeenOnBothSides(Setup setup) {
        try (Sharing sharing = open(setup)) {
            for (int i = 0; i < KEYS_OF_EACH; i++) {
                seesExpiries(sharing, "session:" + i);
                seesDeletes(sharing, "basket:" + i);
            }
        }
    }

    private static void seesExpiries(Sharing sharing, String key) {
        assertEquals(Map.of(), sharing.peer().store(Map.of(key, "text"), 1000));
        assertTtl(sharing, key, 1000);
        assertTrue(sharing.ours().touch(key, Duration.ofSeconds(3000)));
        assertTtl(sharing, key, 3000);
        Boolean touched = sharing.peer().touch(key, 5000);
        if (touched != null) {
            assertTrue(touched);
            assertTtl(sharing, key, 5000);
        }
    }

    private static void assertTtl(Sharing sharing, String key, long seconds) {
        Item<byte[]> item = sharing.ours().item(key, byte[].class);
        long left = item.ttl().toSeconds();
        assertTrue(left <= seconds && left > seconds - 500, () -> left + " s of " + seconds);
    }

    private static void seesDeletes(Sharing sharing, String key) {
        assertEquals(Map.of(), sharing.peer().store(Map.of(key, "text"), 0));
        assertTrue(sharing.ours().delete(key));
        assertEquals(Map.of(), sharing.peer().fetch(List.of(key)).hits());
        sharing.ours().set(key, "text");
        assertEquals(1, sharing.peer().fetch(List.of(key)).hits().size());
        sharing.peer().delete(key);
        assertNull(sharing.ours().get(key, byte[].class));
    }
}
