package io.cachewire.benchmarks;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cachewire.ServerAddress;
import io.cachewire.benchmarks.client.Contestant;
import io.cachewire.benchmarks.client.Entrant;
import io.cachewire.benchmarks.client.Roster;
import io.cachewire.benchmarks.load.Cell;
import io.cachewire.benchmarks.load.Figures;
import io.cachewire.benchmarks.load.Items;
import io.cachewire.benchmarks.load.Scoreboard;
import io.cachewire.benchmarks.load.Workload;
import io.cachewire.benchmarks.load.Workload.Form;
import io.cachewire.benchmarks.load.Workload.Verb;
import io.cachewire.benchmarks.report.TextTable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Every client still answers rightly; no figure is looked at. */
final class CompareCommandTest {
    private static final Duration SHORT = Duration.ofMillis(200);

    @Test
    void everyEntrantRunsAMixAndManyKeys() throws Exception {
        List<Cell> cells =
                List.of(new Cell(new Workload(Verb.MIX, 100, 1), 2), new Cell(new Workload(Verb.GET_ALL, 100, 1), 1));
        List<Entrant> entrants = Roster.entrants();
        Tournament tournament = new Tournament(entrants, cells, 1, SHORT, 1);
        try (LocalServer server = LocalServer.start()) {
            List<ServerAddress> servers = List.of(server.address());
            Scoreboard board = tournament.run(servers, what -> {});
            for (Entrant entrant : entrants) {
                String name = entrant.getName();
                if (name.startsWith("limit") || name.startsWith("socket") || entrant.getForm() != Form.BYTES) {
                    continue;
                }
                assertAll(cells.stream()
                        .map(cell -> () ->
                                assertEquals(1, board.rounds(cell, name).size(), () -> name + " in " + cell.name())));
            }
        }
    }

    @Test
    void objectsGoThroughEverySerialization() throws Exception {
        Cell cell = new Cell(new Workload(Verb.MIX, 100, 1, Form.OBJECTS), 2);
        List<Entrant> entrants = Roster.entrants();
        try (LocalServer server = LocalServer.start()) {
            Scoreboard board =
                    new Tournament(entrants, List.of(cell), 1, SHORT, 1).run(List.of(server.address()), what -> {});
            assertEquals(
                    entrants.stream()
                            .filter(entrant -> entrant.getForm() == Form.OBJECTS)
                            .count(),
                    board.contestants(cell).size());
        }
    }

    @Test
    void theLimitsAndTheFloorTakeOneCaller() throws Exception {
        Cell cell = new Cell(new Workload(Verb.GET, 100, 1), 1);
        List<Entrant> entrants = Roster.entrants().stream()
                .filter(entrant -> entrant.getName().matches("(limit/java|socket)/?.*"))
                .toList();
        try (LocalServer server = LocalServer.start()) {
            Scoreboard board =
                    new Tournament(entrants, List.of(cell), 1, SHORT, 1).run(List.of(server.address()), what -> {});
            for (Entrant entrant : entrants) {
                Figures figures = board.median(cell, entrant.getName()).orElseThrow();
                assertTrue(figures.perSecond() > 0, entrant::getName);
            }
        }
    }

    @Test
    void aPeerThatFailsIsNamedAndTheOthersGoOn() throws Exception {
        Cell cell = new Cell(new Workload(Verb.GET, 100, 1), 1);
        Entrant failing = failing("peer/failing");
        Entrant ours = Roster.entrants().get(0);
        try (LocalServer server = LocalServer.start()) {
            Scoreboard board = new Tournament(List.of(failing, ours), List.of(cell), 2, SHORT, 1)
                    .run(List.of(server.address()), what -> {});
            assertEquals(2, board.rounds(cell, ours.getName()).size());
            assertTrue(TextTable.of(board).contains("peer/failing"), TextTable.of(board));
            Tournament own = new Tournament(List.of(failing("cachewire/x")), List.of(cell), 2, SHORT, 1);
            assertThrows(IllegalStateException.class, () -> own.run(List.of(server.address()), what -> {}));
        }
    }

    @Test
    void allCellsHaveARoundBeforeAnyHasItsNext() throws Exception {
        Workload get = new Workload(Verb.GET, 100, 1);
        List<Cell> cells = List.of(new Cell(get, 1), new Cell(get, 2));
        List<String> turns = new ArrayList<>();
        try (LocalServer server = LocalServer.start()) {
            new Tournament(List.of(Roster.entrants().get(0)), cells, 2, SHORT, 1)
                    .run(List.of(server.address()), turns::add);
        }
        assertEquals(
                4, turns.stream().filter(turn -> !turn.startsWith("warm-up")).count());
        assertEquals(turns.subList(1, 3), turns.subList(3, 5));
        assertNotEquals(turns.get(1), turns.get(2));
    }

    @Test
    void writesItsFiles(@TempDir Path folder) throws Exception {
        int status = new CommandLine(new CompareCommand())
                .execute(
                        "--quick",
                        "--only",
                        "cachewire/suspend",
                        "--workloads",
                        "^get-",
                        "--callers",
                        "1,2,3",
                        "--rounds",
                        "1",
                        "--seconds",
                        "0.1",
                        "--out",
                        folder.toString());
        assertEquals(0, status);
        assertTrue(Files.readString(folder.resolve("table.txt")).contains("cachewire/suspend"));
        assertTrue(Files.readString(folder.resolve("figures.json")).contains("\"medians\""));
        List<String> rounds = Files.readAllLines(folder.resolve("rounds.csv"));
        assertEquals(4, rounds.size());
        assertTrue(rounds.get(0).endsWith(",bytes,compile_ms,gc_ms"), rounds.get(0));
        assertTrue(rounds.get(1).matches(".*,\\d+,\\d+"), rounds.get(1));
        assertFalse(Files.readString(folder.resolve("get-100B.svg")).isEmpty());
    }

    private static Entrant failing(String name) {
        return new Entrant(name, true, Form.BYTES, servers -> new Contestant() {
            @Override
            public boolean takes(Cell cell) {
                return true;
            }

            @Override
            public void load(Items items) {}

            @Override
            public Figures run(Cell cell, Items items, Duration measured) {
                throw new IllegalStateException("planted");
            }

            @Override
            public void close() {}
        });
    }
}
