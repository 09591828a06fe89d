package io.cachewire.benchmarks.report;

import io.cachewire.benchmarks.load.Figures;
import io.cachewire.benchmarks.load.Growth;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.knowm.xchart.XYChart;

/** What a call costs as its surroundings grow: a table, every round as comma-separated values, and a plot for each thing that grows. */
public final class GrowthReport {
    private final Map<Growth.Point, List<Figures>> rounds = new LinkedHashMap<>();

    /** An empty one. */
    public GrowthReport() {}

    /** Adds a round. */
    public void add(Growth.Point point, Figures figures) {
        rounds.computeIfAbsent(point, key -> new ArrayList<>()).add(figures);
    }

    /** The medians, a block for each thing that grows; the ratio of processor time is to the first row of the same call and style. */
    public String table() {
        StringBuilder text = new StringBuilder();
        points().forEach((growth, points) -> {
            text.append(String.format(
                    Locale.ROOT,
                    "%-12s %-5s %-9s %10s %9s %9s %8s %7s %8s%n",
                    growth.label(),
                    "call",
                    "style",
                    "calls/s",
                    "p50 µs",
                    "p99 µs",
                    "CPU µs",
                    "ratio",
                    "bytes"));
            points.forEach(point -> text.append(row(point, points)));
            text.append('\n');
        });
        return text.toString();
    }

    private String row(Growth.Point point, List<Growth.Point> all) {
        Figures figures = median(point);
        Figures first = median(all.stream()
                .filter(other -> isSameLine(other, point))
                .findFirst()
                .orElseThrow());
        return String.format(
                Locale.ROOT,
                "%-12d %-5s %-9s %10.0f %9.1f %9.1f %8.2f %7.2f %8.0f%n",
                point.count(),
                point.verb().label(),
                point.style(),
                figures.perSecond(),
                figures.p50(),
                figures.p99(),
                figures.cpuMicros(),
                figures.cpuMicros() / first.cpuMicros(),
                figures.bytes());
    }

    /** Every round. */
    public String csv() {
        StringBuilder text =
                new StringBuilder("grows,count,call,style,round,per_second,p50_us,p99_us,p999_us,cpu_us,bytes\n");
        rounds.forEach((point, figures) -> {
            for (int i = 0; i < figures.size(); i++) {
                text.append(point.growth().label())
                        .append(',')
                        .append(point.count())
                        .append(',');
                text.append(point.verb().label())
                        .append(',')
                        .append(point.style())
                        .append(',')
                        .append(i + 1);
                for (double figure : figures.get(i).inOrder()) {
                    text.append(String.format(Locale.ROOT, ",%.3f", figure));
                }
                text.append('\n');
            }
        });
        return text.toString();
    }

    /** Writes {@code scale-<what grows>.svg} and {@code scale-<what grows>-bytes.svg} into a folder. */
    public void plot(Path folder) throws IOException {
        System.setProperty("java.awt.headless", "true");
        for (Map.Entry<Growth, List<Growth.Point>> entry : points().entrySet()) {
            String name = "scale-" + entry.getKey().label();
            Plots.save(
                    chart(entry.getKey(), entry.getValue(), "CPU µs per call", Figures::cpuMicros),
                    folder.resolve(name + ".svg"));
            Plots.save(
                    chart(entry.getKey(), entry.getValue(), "bytes per call", Figures::bytes),
                    folder.resolve(name + "-bytes.svg"));
        }
    }

    /** Writes all but the table into a folder. */
    public void write(Path folder) throws IOException {
        Files.writeString(folder.resolve("scale.csv"), csv());
        plot(folder);
    }

    private XYChart chart(Growth growth, List<Growth.Point> points, String up, ToDoubleFunction<Figures> figure) {
        XYChart chart = Plots.chart("100 bytes", growth.label(), up);
        Map<String, List<Growth.Point>> lines = points.stream()
                .collect(Collectors.groupingBy(
                        point -> point.verb().label() + ", " + point.style(), LinkedHashMap::new, Collectors.toList()));
        lines.forEach((name, line) -> chart.addSeries(
                name,
                line.stream().mapToDouble(Growth.Point::count).toArray(),
                line.stream().map(this::median).mapToDouble(figure).toArray()));
        return chart;
    }

    private Map<Growth, List<Growth.Point>> points() {
        return rounds.keySet().stream()
                .sorted(Comparator.comparing(Growth.Point::verb)
                        .thenComparing(Growth.Point::style, Comparator.reverseOrder())
                        .thenComparing(Growth.Point::count))
                .collect(Collectors.groupingBy(Growth.Point::growth, TreeMap::new, Collectors.toList()));
    }

    private Figures median(Growth.Point point) {
        return Figures.median(rounds.getOrDefault(point, List.of()));
    }

    private static boolean isSameLine(Growth.Point one, Growth.Point other) {
        return one.style().equals(other.style()) && one.verb() == other.verb();
    }
}
