package io.cachewire.verification.servers.table;

import io.cachewire.Protocol;
import io.cachewire.verification.servers.model.Models;
import io.cachewire.verification.servers.table.Trial.Cell;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** All trials, by server and dialect. */
final class Table {
    private static final int TRIALS_AT_ONCE = 4;

    /** A server in a dialect. */
    record Place(String server, Protocol protocol) {
        @Override
        public String toString() {
            return server + ", " + protocol;
        }
    }

    private final Map<Place, Map<String, Cell>> cells = new LinkedHashMap<>();

    Map<Place, Map<String, Cell>> cells() {
        return cells;
    }

    /** Tries the client on every model, each dialect on a model of its own, and on models with another version text. */
    static Table ofModels() throws Exception {
        List<Callable<Map<Place, Map<String, Cell>>>> trials = new ArrayList<>();
        for (Protocol protocol : Protocol.values()) {
            for (Models model : Models.values()) {
                trials.add(() -> tried(Target.of(model.recordedName(), model.start()), protocol));
            }
            versions()
                    .forEach((name, version) -> trials.add(() ->
                            tried(Target.of(name, version.model().start(version.text())), protocol)));
        }
        return of(trials);
    }

    private record Version(Models model, String text) {}

    /**
     * A model with a version text that was not recorded: a number where the recorded build had none, and none where it
     * had one.
     */
    private static Map<String, Version> versions() {
        Map<String, Version> versions = new TreeMap<>();
        for (Version version : List.of(
                new Version(Models.MEMCACHED_1_6_0, "1.6.0"),
                new Version(Models.MEMCACHED_1_6_12, "1.6.12"),
                new Version(Models.MEMCACHED_1_6_18, "UNKNOWN"),
                new Version(Models.MEMCACHED_1_6_18, "mcrouter 1.0"))) {
            versions.put(version.model().recordedName() + " that says " + version.text(), version);
        }
        return versions;
    }

    /** Tries the client on real servers, one dialect after the other on each. */
    static Table of(Map<String, String> addresses) throws Exception {
        List<Callable<Map<Place, Map<String, Cell>>>> trials = new ArrayList<>();
        addresses.forEach((name, address) -> trials.add(() -> {
            Map<Place, Map<String, Cell>> all = new LinkedHashMap<>();
            for (Protocol protocol : Protocol.values()) {
                all.putAll(tried(Target.of(name, address), protocol));
            }
            return all;
        }));
        return of(trials);
    }

    private static Map<Place, Map<String, Cell>> tried(Target target, Protocol protocol) throws IOException {
        try (target) {
            return Map.of(new Place(target.name(), protocol), new Trial(target, protocol).run());
        }
    }

    private static Table of(List<Callable<Map<Place, Map<String, Cell>>>> trials) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(TRIALS_AT_ONCE);
        Table table = new Table();
        try {
            for (Future<Map<Place, Map<String, Cell>>> trial : pool.invokeAll(trials)) {
                table.cells.putAll(trial.get());
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } finally {
            pool.shutdownNow();
        }
        return table;
    }

    /** The servers, in the order of the trials. */
    List<String> servers() {
        return cells.keySet().stream().map(Place::server).distinct().toList();
    }

    Cell cell(String server, Protocol protocol, String operation) {
        return Objects.requireNonNull(cells.get(new Place(server, protocol)).get(operation));
    }

    static List<Protocol> protocols() {
        return Arrays.asList(Protocol.values());
    }
}
