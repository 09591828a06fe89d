package io.cachewire.routing;

import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;

/** Prints the rows of docs/routing.md that agree with each client. Run its {@code main} on the test class path. */
final class PlacementFigures {
    private PlacementFigures() {}

    public static void main(String[] args) {
        printAgreement(System.out);
    }

    /** For each rule and file: rows that agree of rows recorded. */
    private static void printAgreement(PrintStream out) {
        Map<String, Map<String, int[]>> agreement = new TreeMap<>();
        for (String file : PlacementVectorsTest.FILES) {
            for (InteropVectors.Row row : InteropVectors.rows(file)) {
                String rule = row.client() + " | " + RecordedSetup.of(row).rule();
                int[] rows = agreement
                        .computeIfAbsent(rule, r -> new LinkedHashMap<>())
                        .computeIfAbsent(file.replace(".json", ""), f -> new int[2]);
                rows[1]++;
                try {
                    PlacementVectorsTest.check(row);
                    rows[0]++;
                } catch (AssertionError e) {
                    out.println(row.name() + " differs");
                }
            }
        }
        agreement.forEach((rule, files) -> {
            StringJoiner line = new StringJoiner(", ", "| " + rule + " | ", " |");
            files.forEach((file, rows) -> line.add(file + " " + rows[0] + "/" + rows[1]));
            out.println(line);
        });
    }
}
