package io.cachewire.verification.servers.table;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Real servers as processes on free ports of loopback; ends those that it started. */
final class Processes implements AutoCloseable {
    private static final long START_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long POLL_NANOS = 5_000_000;

    private final List<Process> started = new ArrayList<>();
    private final Path folder;

    Processes() {
        try {
            folder = Files.createTempDirectory("servers");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(this::end));
    }

    /** A program on the PATH or in the folders of the system's own. */
    static Optional<Path> find(String program) {
        String path = System.getenv().getOrDefault("PATH", "") + File.pathSeparator + "/usr/sbin" + File.pathSeparator
                + "/usr/bin";
        for (String directory : path.split(File.pathSeparator)) {
            Path candidate = Path.of(directory, program);
            if (Files.isExecutable(candidate)) {
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }

    /** Starts a memcached; its address. */
    String memcached(Path binary) throws IOException {
        Path portFile = folder.resolve("port-" + started.size());
        List<String> command = new ArrayList<>(List.of(binary.toString(), "-l", "127.0.0.1", "-p", "-1", "-U", "0"));
        if ("root".equals(System.getProperty("user.name"))) {
            command.addAll(List.of("-u", "root"));
        }
        ProcessBuilder builder = quiet(command);
        builder.environment().put("MEMCACHED_PORT_FILENAME", portFile.toString());
        Process process = builder.start();
        started.add(process);
        long start = System.nanoTime();
        while (true) {
            if (Files.exists(portFile)) {
                for (String line : Files.readAllLines(portFile)) {
                    if (line.startsWith("TCP INET: ")) {
                        return "127.0.0.1:"
                                + line.substring("TCP INET: ".length()).strip();
                    }
                }
            }
            waitOn(process, start, command);
        }
    }

    /** Starts twemproxy before two memcacheds; its address. */
    String twemproxy(Path binary, Path memcached) throws IOException {
        String first = memcached(memcached);
        String second = memcached(memcached);
        int port = freePort();
        Path configuration = folder.resolve("nutcracker.yml");
        Files.writeString(configuration, """
                pool:
                  listen: 127.0.0.1:%d
                  hash: fnv1a_64
                  distribution: ketama
                  auto_eject_hosts: false
                  servers:
                    - %s:1
                    - %s:1
                """.formatted(port, first, second));
        List<String> command = List.of(
                binary.toString(),
                "-c",
                configuration.toString(),
                "-s",
                Integer.toString(freePort()),
                "-o",
                folder.resolve("nutcracker.log").toString());
        Process process = quiet(command).start();
        started.add(process);
        awaitPort(process, port, command);
        return "127.0.0.1:" + port;
    }

    private static ProcessBuilder quiet(List<String> command) {
        return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void awaitPort(Process process, int port, List<String> command) {
        long start = System.nanoTime();
        while (true) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
                return;
            } catch (IOException e) {
                waitOn(process, start, command);
            }
        }
    }

    private static void waitOn(Process process, long start, List<String> command) {
        if (!process.isAlive() || System.nanoTime() - start > START_NANOS) {
            throw new IllegalStateException(command + " does not listen");
        }
        LockSupport.parkNanos(POLL_NANOS);
    }

    private void end() {
        started.forEach(Process::destroyForcibly);
    }

    @Override
    public void close() {
        end();
    }
}
