package io.cachewire.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.cachewire.routing.InteropVectors.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every recorded placement, one test a row: the key must go where the real client sent it. */
class PlacementVectorsTest {
    @TestFactory
    Stream<DynamicTest> libmemcached() {
        return rows("ring-libmemcached.json", 438);
    }

    private static Stream<DynamicTest> rows(String file, int count) {
        List<Row> rows = InteropVectors.rows(file);
        assertEquals(count, rows.size());
        return rows.stream().map(row -> DynamicTest.dynamicTest(row.name(), () -> check(row)));
    }

    private static void check(Row row) {
        RecordedSetup setup = RecordedSetup.of(row);
        NodeLocator locator = setup.locator();
        List<String> differing = new ArrayList<>();
        int compared = 0;
        for (int i = 0; i < row.keys().size(); i++) {
            if (row.placement(i).isNull()) {
                continue;
            }
            compared++;
            int expected = row.placement(i).asInt();
            int actual = locator.locate(setup.routingKey(i));
            if (actual != expected) {
                differing.add(row.keys().get(i) + " is on " + expected + ", not " + actual);
            }
        }
        assertEquals(List.of(), differing.subList(0, Math.min(5, differing.size())), differing.size() + " keys differ");
        assertEquals(true, compared > 0);
    }
}
