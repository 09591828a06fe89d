package io.cachewire.benchmarks.report;

import io.cachewire.benchmarks.load.Cell;
import io.cachewire.benchmarks.load.Figures;
import io.cachewire.benchmarks.load.Scoreboard;
import io.cachewire.benchmarks.load.Workload;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.regex.Pattern;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;

/** Lines over the number of callers, one for each client: throughput and processor time of each workload, as SVG. */
public final class Plots {
    private static final int WIDTH = 900;
    private static final int HEIGHT = 560;
    /** Fewer are better read in the table. */
    private static final int LEAST_POINTS = 3;

    private static final Pattern DECIMALS = Pattern.compile("(\\d\\.\\d\\d)\\d+");
    private static final Map<String, ToDoubleFunction<Figures>> FIGURES = new LinkedHashMap<>();

    static {
        FIGURES.put("calls per second", Figures::perSecond);
        FIGURES.put("CPU µs per call", Figures::cpuMicros);
    }

    private Plots() {}

    /** Writes the plots of all workloads into a folder. */
    public static void write(Scoreboard board, Path folder) throws IOException {
        System.setProperty("java.awt.headless", "true");
        Set<Workload> workloads = new LinkedHashSet<>();
        board.cells().forEach(cell -> workloads.add(cell.workload()));
        for (Workload workload : workloads) {
            if (board.cells().stream()
                            .filter(cell -> cell.workload().equals(workload))
                            .count()
                    < LEAST_POINTS) {
                continue;
            }
            for (Map.Entry<String, ToDoubleFunction<Figures>> figure : FIGURES.entrySet()) {
                String name = workload.name() + (figure.getKey().startsWith("CPU") ? "-cpu" : "");
                XYChart chart = chart(board, workload, figure.getKey(), figure.getValue());
                save(chart, folder.resolve(name + ".svg"));
            }
        }
    }

    /** The encoder draws letters as outlines with eight decimals; two are enough, and half the file. */
    static void save(XYChart chart, Path file) throws IOException {
        ByteArrayOutputStream drawn = new ByteArrayOutputStream();
        ChartEncoder.saveChart(chart, drawn, "svg");
        Files.writeString(
                file, DECIMALS.matcher(drawn.toString(StandardCharsets.UTF_8)).replaceAll("$1"));
    }

    /** An empty chart with logarithmic axes. */
    static XYChart chart(String title, String across, String up) {
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .xAxisTitle(across)
                .yAxisTitle(up)
                .build();
        chart.getStyler().setXAxisLogarithmic(true);
        chart.getStyler().setYAxisLogarithmic(true);
        return chart;
    }

    private static XYChart chart(Scoreboard board, Workload workload, String axis, ToDoubleFunction<Figures> figure) {
        XYChart chart = chart(workload.name(), "callers", axis);
        List<Cell> cells = board.cells().stream()
                .filter(cell -> cell.workload().equals(workload))
                .toList();
        Set<String> names = new LinkedHashSet<>();
        cells.forEach(cell -> names.addAll(board.contestants(cell)));
        for (String name : names) {
            List<Cell> present = cells.stream()
                    .filter(cell -> board.median(cell, name).isPresent())
                    .toList();
            double[] x = present.stream().mapToDouble(Cell::callers).toArray();
            double[] y = present.stream()
                    .mapToDouble(cell ->
                            board.median(cell, name).map(figure::applyAsDouble).orElseThrow())
                    .toArray();
            chart.addSeries(name, x, y);
        }
        return chart;
    }
}
