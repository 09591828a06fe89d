package io.cachewire.verification.consumers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A real memcached, taken from the PATH, on a free port of the loopback interface. */
final class MemcachedServer implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final String PORT_LINE = "TCP INET: ";

    private final int port;
    private Process process;

    private MemcachedServer(int port, Process process) {
        this.port = port;
        this.process = process;
    }

    static MemcachedServer start() throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("consumer-memcached");
        Path file = directory.resolve("port");
        Process process = launch(-1, file);
        // memcached writes another file and renames it
        await("memcached's port", process, () -> Files.exists(file));
        int port = Files.readAllLines(file).stream()
                .filter(line -> line.startsWith(PORT_LINE))
                .mapToInt(line ->
                        Integer.parseInt(line.substring(PORT_LINE.length()).trim()))
                .findFirst()
                .orElseThrow();
        Files.delete(file);
        Files.delete(directory);
        MemcachedServer server = new MemcachedServer(port, process);
        server.awaitAnswer();
        return server;
    }

    String address() {
        return "127.0.0.1:" + port;
    }

    /** Stops the process where it is: connections stay open and nothing is answered. */
    void pause() throws IOException, InterruptedException {
        signal("STOP");
    }

    void resume() throws IOException, InterruptedException {
        signal("CONT");
    }

    /** Ends the process without warning. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** Starts an empty server on the same port. */
    void restart() throws IOException, InterruptedException {
        process = launch(port, null);
        awaitAnswer();
    }

    @Override
    public void close() {
        kill();
    }

    private static Process launch(int port, @Nullable Path portFile) throws IOException {
        List<String> command =
                new ArrayList<>(List.of("memcached", "-l", "127.0.0.1", "-U", "0", "-p", Integer.toString(port)));
        if (System.getProperty("user.name").equals("root")) {
            command.addAll(List.of("-u", "root"));
        }
        ProcessBuilder builder = quiet(command);
        if (portFile != null) {
            builder.environment().put("MEMCACHED_PORT_FILENAME", portFile.toString());
        }
        return builder.start();
    }

    /** A process without pipes to this JVM, which would be counted as descriptors. */
    private static ProcessBuilder quiet(List<String> command) {
        return new ProcessBuilder(command)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .redirectError(ProcessBuilder.Redirect.INHERIT);
    }

    private void signal(String name) throws IOException, InterruptedException {
        int status = quiet(List.of("kill", "-" + name, Long.toString(process.pid())))
                .start()
                .waitFor();
        if (status != 0) {
            throw new IOException("kill -" + name + " ended with " + status);
        }
    }

    private void awaitAnswer() throws InterruptedException {
        await("memcached", process, () -> {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
                return true;
            } catch (IOException refused) {
                return false;
            }
        });
    }

    private interface Condition {
        boolean holds();
    }

    private static void await(String what, Process process, Condition condition) throws InterruptedException {
        long start = System.nanoTime();
        while (!condition.holds()) {
            if (!process.isAlive()) {
                throw new UncheckedIOException(new IOException("memcached ended with " + process.exitValue()));
            }
            if (System.nanoTime() - start > LIMIT.toNanos()) {
                process.destroyForcibly();
                throw new UncheckedIOException(new IOException(what + " is not there after " + LIMIT));
            }
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }
}
