package io.cachewire.benchmarks.load;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** All figures of a run, by cell and contestant, in the order in which they came. */
public final class Scoreboard {
    private final Map<Cell, Map<String, List<Figures>>> rounds = new LinkedHashMap<>();

    private final Map<Cell, Map<String, String>> failures = new LinkedHashMap<>();

    /** An empty one. */
    public Scoreboard() {}

    /** Adds a round. */
    public void add(Cell cell, String contestant, Figures figures) {
        rounds.computeIfAbsent(cell, key -> new LinkedHashMap<>())
                .computeIfAbsent(contestant, key -> new ArrayList<>())
                .add(figures);
    }

    /** A contestant could not go on; what has been measured of it before counts. */
    public void addFailure(Cell cell, String contestant, String why) {
        failures.computeIfAbsent(cell, key -> new LinkedHashMap<>()).put(contestant, why);
    }

    /** Those that failed in a cell, and how. */
    public Map<String, String> failures(Cell cell) {
        return failures.getOrDefault(cell, Map.of());
    }

    /** The cells. */
    public List<Cell> cells() {
        Set<Cell> all = new LinkedHashSet<>(rounds.keySet());
        all.addAll(failures.keySet());
        return List.copyOf(all);
    }

    /** Those that took part in a cell. */
    public List<String> contestants(Cell cell) {
        return List.copyOf(rounds.getOrDefault(cell, Map.of()).keySet());
    }

    /** Every round. */
    public List<Figures> rounds(Cell cell, String contestant) {
        return rounds.getOrDefault(cell, Map.of()).getOrDefault(contestant, List.of());
    }

    /** The median of the rounds, if there were any. */
    public Optional<Figures> median(Cell cell, String contestant) {
        List<Figures> all = rounds(cell, contestant);
        return all.isEmpty() ? Optional.empty() : Optional.of(Figures.median(all));
    }
}
