package io.cachewire.benchmarks;

import com.sun.management.UnixOperatingSystemMXBean;
import io.cachewire.BlockingMemcachedClient;
import io.cachewire.benchmarks.report.Machine;
import io.cachewire.benchmarks.report.TextReport;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What a client takes that is connected to many servers and does nothing: threads, processor time, memory. */
@Command(
        name = "idle",
        description = "Measures what a client takes that is connected to many servers and does nothing.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        showDefaultValues = true)
final class IdleCommand implements Callable<Integer> {
    private static final UnixOperatingSystemMXBean PROCESS =
            ManagementFactory.getPlatformMXBean(UnixOperatingSystemMXBean.class);
    private static final int MOST_TRIES = 1000;
    private static final int SETTLING_MILLIS = 200;

    @Option(names = "--servers", defaultValue = "100", description = "memcached processes to start")
    private int servers;

    @Option(names = "--connections", split = ",", defaultValue = "1,4", description = "connections to each")
    private List<Integer> connections = List.of();

    @Option(names = "--seconds", defaultValue = "10", description = "how long nothing is done")
    private double seconds;

    @Option(names = "--out", description = "folder for the table", paramLabel = "<folder>")
    private @Nullable Path out;

    /** What the process holds at one moment, after a collection. */
    private record Holdings(Set<String> threads, long heap, long direct, long files) {
        static Holdings now() {
            System.gc();
            long direct = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                    .filter(pool -> pool.getName().equals("direct"))
                    .mapToLong(BufferPoolMXBean::getMemoryUsed)
                    .sum();
            Set<String> threads = Thread.getAllStackTraces().keySet().stream()
                    .map(Thread::getName)
                    .collect(Collectors.toCollection(TreeSet::new));
            long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
            return new Holdings(threads, heap, direct, PROCESS.getOpenFileDescriptorCount());
        }
    }

    @Override
    public Integer call() throws Exception {
        Machine machine = new Machine(LocalServer.version());
        StringBuilder text = new StringBuilder();
        List<LocalServer> started = new ArrayList<>();
        try {
            for (int i = 0; i < servers; i++) {
                started.add(LocalServer.start("-t", "1", "-m", "16"));
            }
            // what the first client loads and keeps for all is no connection's
            try (BlockingMemcachedClient first = client(started, 1)) {
                first.get("nothing", String.class);
            }
            for (int count : connections) {
                measure(started, count, text);
            }
        } finally {
            started.forEach(LocalServer::close);
        }
        TextReport.publish(machine, text.toString(), out, "idle.txt");
        return 0;
    }

    private void measure(List<LocalServer> started, int count, StringBuilder text)
            throws InterruptedException, IOException {
        int total = servers * count;
        awaitClosed();
        Holdings before = Holdings.now();
        double without = busy();
        try (BlockingMemcachedClient client = client(started, count)) {
            connectAll(client, before.files() + total);
            Holdings with = Holdings.now();
            double busy = busy();
            Set<String> threads = new TreeSet<>(with.threads());
            threads.removeAll(before.threads());
            row(text, "servers, connections to each", servers + ", " + count);
            row(text, "threads of the client", threads.size() + ": " + String.join(", ", threads));
            row(text, "processor time, ms/s, idle", number(busy));
            row(text, "... of the same process before", number(without));
            row(text, "heap for each connection, bytes", number((double) (with.heap() - before.heap()) / total));
            row(text, "direct memory for each, bytes", number((double) (with.direct() - before.direct()) / total));
            row(text, "file descriptors", Long.toString(with.files() - before.files()));
            text.append('\n');
        }
    }

    /** Until the sockets of the client before are gone. */
    private static void awaitClosed() throws InterruptedException {
        long open = Long.MAX_VALUE;
        while (PROCESS.getOpenFileDescriptorCount() < open) {
            open = PROCESS.getOpenFileDescriptorCount();
            Thread.sleep(SETTLING_MILLIS);
        }
    }

    private static BlockingMemcachedClient client(List<LocalServer> started, int connections) {
        return BlockingMemcachedClient.builder()
                .servers(started.stream().map(LocalServer::address).toList())
                .connectionsPerServer(connections)
                .requestTimeout(Duration.ofSeconds(5))
                .build();
    }

    /** Calls go to connections by chance, so it takes some until all are there. */
    private static void connectAll(BlockingMemcachedClient client, long files) {
        for (int i = 0; i < MOST_TRIES && PROCESS.getOpenFileDescriptorCount() < files; i++) {
            client.admin().version();
        }
        if (PROCESS.getOpenFileDescriptorCount() < files) {
            throw new IllegalStateException("not all connections were made");
        }
    }

    /** Milliseconds of processor time in a second. */
    private double busy() throws InterruptedException {
        long start = System.nanoTime();
        long spent = PROCESS.getProcessCpuTime();
        Thread.sleep(Math.round(seconds * 1e3));
        return (PROCESS.getProcessCpuTime() - spent) * 1e3 / (System.nanoTime() - start);
    }

    private static void row(StringBuilder text, String what, String value) {
        text.append(String.format(Locale.ROOT, "%-34s %s%n", what, value));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
