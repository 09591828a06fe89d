package io.cachewire.benchmarks;

import io.cachewire.ServerAddress;
import io.cachewire.benchmarks.client.Contestant;
import io.cachewire.benchmarks.client.Entrant;
import io.cachewire.benchmarks.load.Cell;
import io.cachewire.benchmarks.load.Figures;
import io.cachewire.benchmarks.load.Items;
import io.cachewire.benchmarks.load.Scoreboard;
import io.cachewire.benchmarks.load.Workload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Runs every entrant in every cell. In each round all take their turn in each cell, in an order that the seed shuffles anew, so that what
 * the machine does meanwhile hits all alike. All cells that need the same servers and values have one round before any has its next: a machine can be
 * slow for seconds, which then spoil one round of a few cells, and not all rounds of one.
 *
 * <p>Decided in docs/decisions/0064-rounds-far-apart.md.
 */
final class Tournament {
    private static final int WARM_CALLERS = 16;
    private static final String OURS = "cachewire/";

    /** Told what goes on. */
    interface Progress {
        void round(String what);
    }

    private final List<Entrant> entrants;
    private final List<Cell> cells;
    private final int rounds;
    private final Duration measured;
    private final long seed;

    Tournament(List<Entrant> entrants, List<Cell> cells, int rounds, Duration measured, long seed) {
        this.entrants = entrants;
        this.cells = cells;
        this.rounds = rounds;
        this.measured = measured;
        this.seed = seed;
    }

    /** How often {@link Progress#round} will be called, at most. */
    int size() {
        return entrants.size() * (cells.size() * rounds + warmCells(cells).size());
    }

    Scoreboard run(List<ServerAddress> servers, Progress progress) throws Exception {
        Scoreboard board = new Scoreboard();
        Random random = new Random(seed);
        Map<List<Object>, List<Cell>> groups = new LinkedHashMap<>();
        for (Cell cell : cells) {
            Workload workload = cell.workload();
            groups.computeIfAbsent(
                            List.of(workload.servers(), workload.valueBytes(), workload.form()),
                            key -> new ArrayList<>())
                    .add(cell);
        }
        for (List<Cell> group : groups.values()) {
            Workload first = group.get(0).workload();
            try (Field field = new Field(entrants, group.get(0), servers.subList(0, first.servers()))) {
                run(group, field, new Items(first.valueBytes(), seed), random, board, progress);
            }
        }
        return board;
    }

    private void run(List<Cell> group, Field field, Items items, Random random, Scoreboard board, Progress progress)
            throws Exception {
        field.load(items);
        for (Cell cell : warmCells(group)) {
            for (Map.Entry<String, Contestant> turn : field.takersOf(cell)) {
                progress.round("warm-up " + turn.getKey());
                play(field, turn, cell, items, board);
            }
        }
        for (int round = 0; round < rounds; round++) {
            for (Cell cell : group) {
                List<Map.Entry<String, Contestant>> shuffled = new ArrayList<>(field.takersOf(cell));
                Collections.shuffle(shuffled, random);
                for (Map.Entry<String, Contestant> turn : shuffled) {
                    progress.round(cell.name() + " " + turn.getKey());
                    if (field.has(turn.getKey())) {
                        Figures figures = play(field, turn, cell, items, board);
                        if (figures != null) {
                            board.add(cell, turn.getKey(), figures);
                        }
                    }
                }
            }
        }
    }

    /** A round; null when a peer failed, which then takes no further part among these cells. Our own failure ends the run. */
    private @Nullable Figures play(
            Field field, Map.Entry<String, Contestant> turn, Cell cell, Items items, Scoreboard board)
            throws Exception {
        try {
            return turn.getValue().run(cell, items, measured);
        } catch (IllegalStateException e) {
            if (turn.getKey().startsWith(OURS)) {
                throw e;
            }
            board.addFailure(cell, turn.getKey(), String.valueOf(e.getCause() == null ? e : e.getCause()));
            field.dismiss(turn.getKey());
            return null;
        }
    }

    private static Set<Cell> warmCells(List<Cell> cells) {
        Set<Cell> warm = new LinkedHashSet<>();
        cells.forEach(cell -> warm.add(new Cell(cell.workload(), WARM_CALLERS)));
        return warm;
    }

    /** All contestants, connected to the same servers. */
    private static final class Field implements AutoCloseable {
        private final Map<String, Contestant> contestants = new LinkedHashMap<>();

        /** Those that take nothing like the first cell do not take the others either, and are not even connected. */
        Field(List<Entrant> entrants, Cell like, List<ServerAddress> servers) {
            Workload.Form form = like.workload().form();
            try {
                for (Entrant entrant : entrants) {
                    if (entrant.getForm() == form) {
                        contestants.put(entrant.getName(), entrant.connect(servers));
                    }
                }
            } catch (RuntimeException e) {
                close();
                throw e;
            }
        }

        void load(Items items) throws Exception {
            for (Contestant contestant : contestants.values()) {
                contestant.load(items);
            }
        }

        boolean has(String name) {
            return contestants.containsKey(name);
        }

        /** Closed in the background, because it may not come back. */
        void dismiss(String name) {
            Contestant leaving = Objects.requireNonNull(contestants.remove(name));
            Thread closer = new Thread(leaving::close, "closer");
            closer.setDaemon(true);
            closer.start();
        }

        List<Map.Entry<String, Contestant>> takersOf(Cell cell) {
            return List.copyOf(contestants.entrySet()).stream()
                    .filter(entry -> entry.getValue().takes(cell))
                    .toList();
        }

        @Override
        public void close() {
            contestants.values().forEach(Contestant::close);
        }
    }
}
