package io.cachewire.benchmarks.client;

import io.cachewire.ServerAddress;
import io.cachewire.benchmarks.load.Cell;
import io.cachewire.benchmarks.load.Figures;
import io.cachewire.benchmarks.load.Items;
import io.cachewire.benchmarks.load.Workload;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The limit for many callers in C: {@code limit.c}, compiled where it runs. It tells throughput and processor time, and no latencies. */
final class CLimit implements Contestant {
    private static final Pattern LINE = Pattern.compile("(\\d+) ops/s cpu ([0-9.]+) us/op");
    private static final int PATIENCE_SECONDS = 30;
    /** It has a thousand keys; larger values would not stay in the server, and a miss ends it. */
    private static final int MAX_BYTES = 64 * 1024;

    private final Path program;
    private final int port;

    private CLimit(Path program, int port) {
        this.program = program;
        this.port = port;
    }

    /** Compiles it; an empty list where there is no C compiler. */
    static List<CLimit> compile(ServerAddress server) {
        try {
            Path folder = Files.createTempDirectory("limit");
            Path source = folder.resolve("limit.c");
            Path program = folder.resolve("limit");
            try (InputStream text = CLimit.class.getResourceAsStream("/limit.c")) {
                Files.copy(java.util.Objects.requireNonNull(text), source, StandardCopyOption.REPLACE_EXISTING);
            }
            run(List.of("cc", "-O2", "-o", program.toString(), source.toString()));
            program.toFile().deleteOnExit();
            source.toFile().deleteOnExit();
            folder.toFile().deleteOnExit();
            return List.of(new CLimit(program, server.port()));
        } catch (IOException e) {
            return List.of();
        }
    }

    @Override
    public boolean takes(Cell cell) {
        Workload workload = cell.workload();
        boolean known = workload.verb() == Workload.Verb.GET || workload.verb() == Workload.Verb.SET;
        return known && workload.form() == Workload.Form.BYTES && workload.valueBytes() <= MAX_BYTES;
    }

    @Override
    public void load(Items items) {
        // it stores keys of its own
    }

    @Override
    public Figures run(Cell cell, Items items, Duration measured) throws IOException {
        String verb = cell.workload().verb() == Workload.Verb.SET ? "set" : "get";
        String output = run(List.of(
                program.toString(),
                Integer.toString(port),
                verb,
                Integer.toString(cell.callers()),
                Double.toString(measured.toMillis() / 1e3),
                Integer.toString(cell.workload().valueBytes())));
        Matcher matcher = LINE.matcher(output);
        if (!matcher.find()) {
            throw new IOException("limit says: " + output);
        }
        double perSecond = Double.parseDouble(matcher.group(1));
        double mean = cell.callers() * 1e6 / perSecond;
        return new Figures(
                perSecond,
                mean,
                Double.NaN,
                Double.NaN,
                Double.NaN,
                Double.parseDouble(matcher.group(2)),
                Double.NaN,
                Double.NaN,
                Double.NaN);
    }

    private static String run(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException(command.get(0) + " failed: " + output);
            }
            return output;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        } finally {
            process.destroyForcibly();
        }
    }

    @Override
    public void close() {
        try {
            Files.deleteIfExists(program);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
