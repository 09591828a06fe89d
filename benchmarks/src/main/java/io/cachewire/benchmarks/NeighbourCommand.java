package io.cachewire.benchmarks;

import io.cachewire.BlockingMemcachedClient;
import io.cachewire.FireAndForgetClient;
import io.cachewire.OverloadedException;
import io.cachewire.ServerAddress;
import io.cachewire.ValueType;
import io.cachewire.benchmarks.report.Machine;
import io.cachewire.benchmarks.report.TextReport;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * How long a read waits while the same client does much else, against the same work done by another process on the same machine: what the
 * client adds to what the machine and the server take.
 */
@Command(
        name = "neighbour",
        description = "Measures reads beside much other work of the same client, and of another process.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        showDefaultValues = true)
final class NeighbourCommand implements Callable<Integer> {
    private static final int FLOODERS = 2;
    private static final byte[] FLOOD_VALUE = new byte[10_000];
    private static final int BULK_KEYS = 200_000;
    private static final int LARGE_KEYS = 200;
    private static final int LARGE_BYTES = 900_000;
    private static final ValueType<String> TEXT = ValueType.of(String.class);

    /** The other work. */
    enum Work {
        /** Fire-and-forget writes of 10 kB by two threads, to another server than the reads. */
        FLOOD,
        /** 200 000 small values by one call after another, to the server of the reads. */
        BULK,
        /** 200 values of 900 kB by one call after another, to the server of the reads. */
        LARGE_BULK
    }

    /** Who does it. */
    private enum Who {
        NOBODY,
        ANOTHER_PROCESS,
        THE_SAME_CLIENT
    }

    @Option(names = "--rounds", defaultValue = "3", description = "rounds; the median counts")
    private int rounds;

    @Option(names = "--seconds", defaultValue = "3", description = "measured time of a round")
    private double seconds;

    @Option(names = "--out", description = "folder for the table", paramLabel = "<folder>")
    private @Nullable Path out;

    @Option(names = "--seed", description = "of the order", defaultValue = "1")
    private long seed;

    @Option(names = "--work", description = "do this alone until standard input ends", hidden = true)
    private @Nullable Work alone;

    @Option(names = "--server", description = "where to", hidden = true)
    private @Nullable String server;

    /** Microseconds of one round's reads, and how many there were. */
    private record Waits(double p50, double p99, double max, int count) {
        static Waits of(long[] nanos) {
            long[] sorted = nanos.clone();
            Arrays.sort(sorted);
            return new Waits(at(sorted, 0.5), at(sorted, 0.99), at(sorted, 1), sorted.length);
        }

        private static double at(long[] sorted, double share) {
            return sorted[(int) Math.min(sorted.length - 1L, Math.round(sorted.length * share))] / 1e3;
        }
    }

    @Override
    public Integer call() throws Exception {
        if (alone != null) {
            workAlone(alone, server);
            return 0;
        }
        Machine machine = new Machine(LocalServer.version());
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "%-12s %-18s %9s %9s %9s %9s%n",
                "beside",
                "done by",
                "reads",
                "p50 µs",
                "p99 µs",
                "max µs"));
        try (LocalServer reads = LocalServer.start();
                LocalServer flooded = LocalServer.start()) {
            for (Work work : Work.values()) {
                measure(work, reads.address(), work == Work.FLOOD ? flooded.address() : reads.address(), text);
            }
        }
        TextReport.publish(machine, text.toString(), out, "neighbour.txt");
        return 0;
    }

    private void measure(Work work, ServerAddress reads, ServerAddress worked, StringBuilder text) throws Exception {
        Map<Who, List<Waits>> all = new EnumMap<>(Who.class);
        Random random = new Random(seed);
        // the first round warms up and does not count
        for (int round = -1; round < rounds; round++) {
            List<Who> order = new ArrayList<>(List.of(Who.values()));
            Collections.shuffle(order, random);
            for (Who who : order) {
                Waits waits = round(work, who, reads, worked);
                if (round >= 0) {
                    all.computeIfAbsent(who, w -> new ArrayList<>()).add(waits);
                }
            }
        }
        Map<Who, Waits> medians = new LinkedHashMap<>();
        all.forEach((who, waits) -> medians.put(who, median(waits)));
        medians.forEach((who, waits) -> text.append(String.format(
                Locale.ROOT,
                "%-12s %-18s %9d %9.0f %9.0f %9.0f%n",
                name(work),
                name(who),
                waits.count(),
                waits.p50(),
                waits.p99(),
                waits.max())));
        double ours = Objects.requireNonNull(medians.get(Who.THE_SAME_CLIENT)).p99();
        double theirs = Objects.requireNonNull(medians.get(Who.ANOTHER_PROCESS)).p99();
        text.append(String.format(
                Locale.ROOT,
                "%-12s p99 beside the same client's is %.2f of that beside another process's%n%n",
                name(work),
                ours / theirs));
    }

    private static Waits median(List<Waits> waits) {
        return waits.stream()
                .sorted((a, b) -> Double.compare(a.p99(), b.p99()))
                .toList()
                .get(waits.size() / 2);
    }

    private static String name(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private Waits round(Work work, Who who, ServerAddress reads, ServerAddress worked) throws Exception {
        // two servers, and the keys of the reads and of the work chosen so that each goes where it is to
        List<ServerAddress> servers = Stream.of(reads, worked).distinct().toList();
        try (BlockingMemcachedClient client = client(servers)) {
            String key = keysOn(client, reads, 1, "read").get(0);
            AutoCloseable other = start(work, who, client, worked);
            try {
                return Waits.of(read(client, key));
            } finally {
                other.close();
            }
        }
    }

    private static BlockingMemcachedClient client(List<ServerAddress> servers) {
        return BlockingMemcachedClient.builder()
                .servers(servers)
                .requestTimeout(Duration.ofSeconds(10))
                .build();
    }

    private long[] read(BlockingMemcachedClient client, String key) {
        long begin = System.nanoTime();
        long warm = begin + Duration.ofMillis(500).toNanos();
        long end = warm + (long) (seconds * 1e9);
        long[] nanos = new long[1 << 20];
        int count = 0;
        for (long before = begin; before - end < 0 && count < nanos.length; ) {
            if (client.get(key, TEXT) == null) {
                throw new IllegalStateException("the read has not found its value");
            }
            long after = System.nanoTime();
            if (before - warm >= 0) {
                nanos[count++] = after - before;
            }
            before = after;
        }
        return Arrays.copyOf(nanos, count);
    }

    private static AutoCloseable start(Work work, Who who, BlockingMemcachedClient client, ServerAddress worked)
            throws IOException {
        return switch (who) {
            case NOBODY -> () -> {};
            case ANOTHER_PROCESS -> process(work, worked);
            case THE_SAME_CLIENT -> working(work, client, worked);
        };
    }

    private static AutoCloseable process(Work work, ServerAddress worked) throws IOException {
        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Benchmarks.class.getName(),
                        "neighbour",
                        "--work",
                        work.name(),
                        "--server",
                        worked.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .redirectOutput(ProcessBuilder.Redirect.PIPE)
                .start();
        // it says when it has begun
        if (process.getInputStream().read() < 0) {
            throw new IllegalStateException("the other process has ended");
        }
        return () -> {
            process.getOutputStream().close();
            process.waitFor();
        };
    }

    private static void workAlone(Work work, @Nullable String server) throws Exception {
        ServerAddress address = ServerAddress.parse(server == null ? "" : server);
        try (BlockingMemcachedClient client = client(List.of(address))) {
            AutoCloseable working = working(work, client, address);
            System.out.write('\n');
            System.out.flush();
            System.in.readAllBytes();
            working.close();
        }
    }

    private static AutoCloseable working(Work work, BlockingMemcachedClient client, ServerAddress worked) {
        AtomicBoolean over = new AtomicBoolean();
        List<Thread> threads = new ArrayList<>();
        int count = work == Work.FLOOD ? FLOODERS : 1;
        for (int i = 0; i < count; i++) {
            int number = i;
            threads.add(new Thread(() -> work(work, client, worked, number, over), "work " + i));
        }
        threads.forEach(Thread::start);
        return () -> {
            over.set(true);
            for (Thread thread : threads) {
                thread.join();
            }
        };
    }

    private static void work(
            Work work, BlockingMemcachedClient client, ServerAddress worked, int number, AtomicBoolean over) {
        switch (work) {
            case FLOOD -> flood(client, keysOn(client, worked, 64, "flood" + number), over);
            case BULK -> bulk(client, BULK_KEYS, "v", over);
            case LARGE_BULK -> bulk(client, LARGE_KEYS, new byte[LARGE_BYTES], over);
        }
    }

    /** Keys that the client stores on this server. */
    private static List<String> keysOn(BlockingMemcachedClient client, ServerAddress server, int count, String prefix) {
        try (BlockingMemcachedClient only = client(List.of(server))) {
            List<String> keys = new ArrayList<>();
            // what another client has left there would be found too
            String here = UUID.randomUUID().toString();
            for (int i = 0; keys.size() < count; i++) {
                String key = prefix + "-" + i;
                client.set(key, here);
                if (here.equals(only.get(key, TEXT))) {
                    keys.add(key);
                }
            }
            return keys;
        }
    }

    private static void flood(BlockingMemcachedClient client, List<String> keys, AtomicBoolean over) {
        FireAndForgetClient quiet = client.fireAndForget();
        for (int i = 0; !over.get(); i++) {
            try {
                quiet.set(keys.get(i % keys.size()), FLOOD_VALUE, Duration.ofMinutes(1));
            } catch (OverloadedException e) {
                Thread.onSpinWait();
            }
        }
    }

    private static void bulk(BlockingMemcachedClient client, int count, Object value, AtomicBoolean over) {
        Map<String, Object> entries = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            entries.put("bulk" + i, value);
        }
        while (!over.get()) {
            if (!client.setAll(entries, Duration.ofMinutes(10)).isEmpty()) {
                throw new IllegalStateException("not all was stored");
            }
        }
    }
}
