package io.cachewire.verification.servers.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/** Every operation, through each face and in each dialect, on the model of every recorded server. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ModelTableTest {
    private Table table = new Table();
    private Review review = new Review(table, Refusals.read());

    @BeforeAll
    void tryEverything() throws Exception {
        table = Table.ofModels();
        review = new Review(table, Refusals.read());
    }

    @TestFactory
    Stream<DynamicTest> everyOperationIsRightOrRefusedAsReviewed() {
        return table.cells().keySet().stream()
                .map(place -> dynamicTest(
                        place.toString(),
                        () -> assertEquals("", String.join("\n", review.complaints(place)), place.toString())));
    }

    @Test
    void noRefusalIsListedInVain() {
        assertEquals(List.of(), review.stale());
    }

    @TestFactory
    Stream<DynamicTest> autoIsNeverWorseThanText() {
        return table.servers().stream()
                .map(server -> dynamicTest(server, () -> assertEquals(List.of(), review.worseThanText(server))));
    }

    @TestFactory
    Stream<DynamicTest> autoRefusesOnlyWhatTheVersionLacks() {
        return Stream.of("memcached 1.6.18", "memcached 1.6.21", "memcached 1.6.29", "memcached 1.6.45")
                .map(server -> dynamicTest(server, () -> assertEquals(List.of(), review.refusedThoughThere(server))));
    }

    @Test
    void thePageSaysIt() throws IOException {
        ServersPage.Compared page = new ServersPage(table, review).compare();
        assertEquals(page.expected(), page.now(), "docs/servers.md differs; -Dapi.update=true takes it over");
    }
}
