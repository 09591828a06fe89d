package io.cachewire.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** An embedded server in a JVM with little of something. */
final class ServerInAJvm implements AutoCloseable {
    private final Process process;
    private final BufferedReader output;
    private final int port;

    private ServerInAJvm(Process process) throws IOException {
        this.process = process;
        output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        port = Integer.parseInt(answer("port "));
    }

    /** With 64 MiB of heap. */
    static ServerInAJvm withSmallHeap() throws IOException {
        return new ServerInAJvm(start(List.of()));
    }

    /** With so many descriptors for the whole JVM. */
    static ServerInAJvm withDescriptors(int count) throws IOException {
        return new ServerInAJvm(start(List.of("sh", "-c", "ulimit -n " + count + "; exec \"$@\"", "sh")));
    }

    private static Process start(List<String> before) throws IOException {
        List<String> command = new ArrayList<>(before);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx64m");
        command.add("-cp");
        command.add(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
        command.add(ServerInAJvm.class.getName());
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    int port() {
        return port;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** The processor time of the server's thread. */
    long cpuNanos() {
        try {
            process.getOutputStream().write('\n');
            process.getOutputStream().flush();
            return Long.parseLong(answer("cpu "));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String answer(String start) throws IOException {
        String line = output.readLine();
        while (line != null && !line.startsWith(start)) {
            line = output.readLine();
        }
        if (line == null) {
            throw new IOException("the JVM of the server has ended");
        }
        return line.substring(start.length());
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        output.close();
    }

    /** No arguments; answers each line of input. */
    public static void main(String[] args) throws IOException {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        try (EmbeddedMemcached memcached = EmbeddedMemcached.start()) {
            long id = Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> thread.getName().startsWith("embedded-memcached-"))
                    .mapToLong(Thread::getId)
                    .findFirst()
                    .orElseThrow();
            threads.getThreadCpuTime(id);
            System.out.println("port " + memcached.port());
            for (int read = System.in.read(); read >= 0; read = System.in.read()) {
                System.out.println("cpu " + threads.getThreadCpuTime(id));
            }
        }
    }
}
