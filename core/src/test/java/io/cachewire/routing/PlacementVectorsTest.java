package io.cachewire.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.cachewire.routing.InteropVectors.Row;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every recorded placement, one test a row: the key must go where the real client sent it. */
class PlacementVectorsTest {
    @TestFactory
    Stream<DynamicTest> libmemcached() {
        return rows("ring-libmemcached.json");
    }

    @TestFactory
    Stream<DynamicTest> python() {
        return rows("ring-python.json");
    }

    @TestFactory
    Stream<DynamicTest> jvm() {
        return rows("ring-jvm.json");
    }

    @TestFactory
    Stream<DynamicTest> ruby() {
        return rows("ring-ruby.json");
    }

    @TestFactory
    Stream<DynamicTest> node() {
        return rows("ring-node.json");
    }

    @TestFactory
    Stream<DynamicTest> go() {
        return rows("ring-go.json");
    }

    @TestFactory
    Stream<DynamicTest> enyim() {
        return rows("ring-enyim.json");
    }

    @TestFactory
    Stream<DynamicTest> mcrouter() {
        return rows("ring-mcrouter.json");
    }

    @TestFactory
    Stream<DynamicTest> edges() {
        return rows("ring-edge.json");
    }

    @TestFactory
    Stream<DynamicTest> live() {
        return rows("placement-live.json");
    }

    @TestFactory
    Stream<DynamicTest> livePython() {
        return rows("placement-python.json");
    }

    @TestFactory
    Stream<DynamicTest> livePhpAndRuby() {
        return rows("placement-php-ruby.json");
    }

    @TestFactory
    Stream<DynamicTest> liveJvm() {
        return rows("placement-jvm.json");
    }

    @TestFactory
    Stream<DynamicTest> failover() {
        return rows("failover.json");
    }

    @ParameterizedTest
    @CsvSource({
        "ring-libmemcached.json, 438",
        "ring-python.json, 112",
        "ring-jvm.json, 252",
        "ring-ruby.json, 40",
        "ring-node.json, 28",
        "ring-go.json, 5",
        "ring-enyim.json, 21",
        "ring-mcrouter.json, 16",
        "ring-edge.json, 56",
        "placement-live.json, 252",
        "placement-python.json, 122",
        "placement-php-ruby.json, 40",
        "placement-jvm.json, 67",
        "failover.json, 100"
    })
    void noRowIsMissing(String file, int rows) {
        assertEquals(rows, InteropVectors.rows(file).size());
    }

    /** Every file of placements that was recorded. */
    static final List<String> FILES = List.of(
            "ring-libmemcached.json",
            "ring-python.json",
            "ring-jvm.json",
            "ring-ruby.json",
            "ring-node.json",
            "ring-go.json",
            "ring-enyim.json",
            "ring-mcrouter.json",
            "ring-edge.json",
            "placement-live.json",
            "placement-python.json",
            "placement-php-ruby.json",
            "placement-jvm.json",
            "failover.json");

    private static Stream<DynamicTest> rows(String file) {
        return InteropVectors.rows(file).stream().map(row -> DynamicTest.dynamicTest(row.name(), () -> check(row)));
    }

    /** Fails on a key that would go elsewhere. */
    static void check(Row row) {
        RecordedSetup setup = RecordedSetup.of(row);
        if (row.config().has("sequence")) {
            int first = row.mode().startsWith("mod") ? 1 : 0;
            NodeLocator locator = setup.locator();
            compare(row, i -> sequence(locator, setup, i, first));
        } else if (row.json().has("down") || row.config().has("dead")) {
            compare(row, afterDeath(setup));
        } else {
            NodeLocator locator = setup.locator();
            compare(row, i -> row.placement(i).isNull() ? "null" : "" + setup.place(locator, i));
        }
    }

    private static String sequence(NodeLocator locator, RecordedSetup setup, int key, int first) {
        List<String> asked = new ArrayList<>();
        for (int attempt = first; ; attempt++) {
            int node = locator.locate(setup.routingKey(key), attempt);
            if (node < 0) {
                return "[" + String.join(",", asked) + "]";
            }
            asked.add("" + node);
        }
    }

    private static IntFunction<String> afterDeath(RecordedSetup setup) {
        BitSet dead = setup.dead();
        NodeLocator locator = setup.factory().build(setup.servers(), dead);
        NodeLocator unaware = setup.locator();
        return i -> switch (setup.onDeadServer()) {
            case KEYS_ARE_LOST -> nameUnless(dead, unaware.locate(setup.routingKey(i)));
            case PLACES_ANEW -> nameUnless(dead, locator.locate(setup.routingKey(i)));
            case FURTHER_CHOICES -> firstInUse(locator, setup, i, dead);
        };
    }

    private static String firstInUse(NodeLocator locator, RecordedSetup setup, int key, BitSet dead) {
        for (int attempt = 0; ; attempt++) {
            int node = locator.locate(setup.routingKey(key), attempt);
            if (node < 0 || !dead.get(node)) {
                return node < 0 ? "null" : "" + node;
            }
        }
    }

    private static String nameUnless(BitSet dead, int node) {
        return dead.get(node) ? "null" : "" + node;
    }

    private static void compare(Row row, IntFunction<String> actual) {
        List<String> differing = new ArrayList<>();
        int told = 0;
        for (int i = 0; i < row.keys().size(); i++) {
            JsonNode recorded = row.placement(i);
            String expected = recorded.toString();
            String found = actual.apply(i);
            told += recorded.isNull() ? 0 : 1;
            if (!found.equals(expected)) {
                differing.add("\n" + row.keys().get(i) + ": recorded " + expected + ", located " + found);
            }
        }
        assertTrue(told > 0, "the row tells nothing");
        assertEquals(0, differing.size(), () -> "" + differing.subList(0, Math.min(5, differing.size())));
    }
}
