package io.cachewire.interop.quality;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.regex.Pattern;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.ChartEncoder;

/** The figures of all rules as bars, one SVG for the spread and one for the keys that move. */
final class QualityPlots {
    private static final int WIDTH = 1100;
    private static final int HEIGHT = 620;
    private static final Pattern DECIMALS = Pattern.compile("(\\d\\.\\d\\d)\\d+");

    private QualityPlots() {}

    static void write(Map<String, KeyQuality> figures, Path folder) throws IOException {
        System.setProperty("java.awt.headless", "true");
        Files.createDirectories(folder);
        CategoryChart spread = chart("standard deviation over ten servers, % of a fair share");
        add(spread, "deviation", figures, KeyQuality::deviation);
        spread.getStyler().setLegendVisible(false);
        Files.writeString(folder.resolve("spread.svg"), svg(spread));
        CategoryChart moved = chart("keys that move, %");
        add(moved, "one of ten goes", figures, KeyQuality::movedByRemoval);
        add(moved, "an eleventh comes", figures, KeyQuality::movedByAddition);
        Files.writeString(folder.resolve("moved.svg"), svg(moved));
    }

    private static CategoryChart chart(String title) {
        CategoryChart chart = new CategoryChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .build();
        chart.getStyler().setXAxisLabelRotation(90);
        chart.getStyler().setYAxisMin(0.0);
        return chart;
    }

    private static void add(
            CategoryChart chart, String name, Map<String, KeyQuality> figures, ToDoubleFunction<KeyQuality> figure) {
        List<String> rules = new ArrayList<>(figures.keySet());
        rules.sort(Comparator.comparingDouble(rule -> figures.get(rule).deviation()));
        chart.addSeries(
                name,
                rules,
                rules.stream()
                        .map(rule -> 100 * figure.applyAsDouble(figures.get(rule)))
                        .toList());
    }

    /** The encoder draws letters as outlines with eight decimals; two are enough, and half the file. */
    private static String svg(CategoryChart chart) throws IOException {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        ChartEncoder.saveChart(chart, file, "svg");
        return DECIMALS.matcher(file.toString(StandardCharsets.UTF_8)).replaceAll("$1");
    }
}
