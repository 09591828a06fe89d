package io.cachewire.benchmarks;

import io.cachewire.ServerAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A memcached with two threads on a free port of loopback; {@link #close} ends the process that was started here. */
public final class LocalServer implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String PORT_LINE = "TCP INET: ";
    private static final String MEGABYTES = "512";

    private final Process process;
    private final ServerAddress address;

    private LocalServer(Process process, int port) {
        this.process = process;
        this.address = new ServerAddress("127.0.0.1", port);
    }

    /**
     * Starts the {@code memcached} on the PATH, with options of its own.
     *
     * @throws IllegalStateException when it does not start
     */
    public static LocalServer start(String... options) {
        List<String> command = new ArrayList<>(
                List.of("memcached", "-l", "127.0.0.1", "-p", "-1", "-U", "0", "-t", "2", "-m", MEGABYTES));
        command.addAll(List.of(options));
        if ("root".equals(System.getProperty("user.name"))) {
            command.addAll(List.of("-u", "root"));
        }
        try {
            Path portFile = Files.createTempFile("memcached", ".port");
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD);
            builder.environment().put("MEMCACHED_PORT_FILENAME", portFile.toString());
            Process process = builder.start();
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
            try {
                return new LocalServer(process, awaitPort(process, portFile));
            } finally {
                Files.deleteIfExists(portFile);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("memcached must be on the PATH", e);
        }
    }

    private static int awaitPort(Process process, Path portFile) throws IOException {
        long limit = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() - limit < 0 && process.isAlive()) {
            for (String line : Files.readAllLines(portFile)) {
                if (line.startsWith(PORT_LINE)) {
                    return Integer.parseInt(line.substring(PORT_LINE.length()).trim());
                }
            }
            Thread.onSpinWait();
        }
        process.destroyForcibly();
        throw new IllegalStateException("memcached does not start");
    }

    /** What {@code memcached -V} says. */
    public static String version() {
        try {
            Process process = new ProcessBuilder("memcached", "-V").start();
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where it listens. */
    public ServerAddress address() {
        return address;
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("memcached does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
