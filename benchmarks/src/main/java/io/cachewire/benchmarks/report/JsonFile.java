package io.cachewire.benchmarks.report;

import io.cachewire.benchmarks.load.Cell;
import io.cachewire.benchmarks.load.Figures;
import io.cachewire.benchmarks.load.Scoreboard;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.stream.Collectors;

/** A run as JSON: the machine, the medians, and the verdicts on what is asked. */
public final class JsonFile {
    private static final List<String> NAMES = List.of("perSecond", "p50", "p99", "p999", "cpuMicros", "bytes");

    private JsonFile() {}

    /** The text of the file. */
    public static String of(Scoreboard board, Machine machine) {
        StringJoiner facts = new StringJoiner(",\n    ", "{\n    ", "\n  }");
        machine.facts().forEach((name, value) -> facts.add(quoted(name) + ": " + quoted(value)));
        StringJoiner medians = new StringJoiner(",\n    ", "[\n    ", "\n  ]");
        for (Cell cell : board.cells()) {
            for (String name : board.contestants(cell)) {
                medians.add(median(cell, name, board.median(cell, name).orElseThrow()));
            }
        }
        StringJoiner failures = new StringJoiner(",\n    ", "[\n    ", "\n  ]");
        for (Cell cell : board.cells()) {
            board.failures(cell)
                    .forEach((client, why) -> failures.add(fields(cell)
                            .add("\"client\": " + quoted(client))
                            .add("\"why\": " + quoted(why))
                            .toString()));
        }
        String asked = Asked.verdicts(board).stream()
                .map(JsonFile::verdict)
                .collect(Collectors.joining(",\n    ", "[\n    ", "\n  ]"));
        return "{\n  \"machine\": " + facts + ",\n  \"medians\": " + medians + ",\n  \"failures\": " + failures
                + ",\n  \"asked\": " + asked + "\n}\n";
    }

    private static String median(Cell cell, String client, Figures figures) {
        StringJoiner fields = fields(cell).add("\"client\": " + quoted(client));
        double[] values = figures.inOrder();
        for (int i = 0; i < values.length; i++) {
            fields.add(quoted(NAMES.get(i)) + ": " + number(values[i]));
        }
        return fields.toString();
    }

    private static String verdict(Demand.Verdict verdict) {
        Demand demand = verdict.demand();
        return fields(verdict.cell())
                .add("\"item\": " + demand.item())
                .add("\"ours\": " + quoted(demand.ours()))
                .add("\"other\": " + quoted(verdict.other()))
                .add("\"figure\": " + quoted(demand.measure().label()))
                .add("\"ratio\": " + number(verdict.ratio()))
                .add("\"bound\": " + number(demand.bound()))
                .add("\"reached\": " + verdict.isReached())
                .toString();
    }

    private static StringJoiner fields(Cell cell) {
        return new StringJoiner(", ", "{", "}")
                .add("\"workload\": " + quoted(cell.workload().name()))
                .add("\"callers\": " + cell.callers());
    }

    private static String number(double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%.3f", value) : "null";
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
