package io.cachewire.verification.consumers;

import java.io.IOException;
import java.nio.channels.Selector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The threads and descriptors that were there before the client, to be compared with those after it. */
final class Leftovers {
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    private final Set<Thread> threads;
    private final Map<String, Integer> descriptors;

    private Leftovers(Set<Thread> threads, Map<String, Integer> descriptors) {
        this.threads = threads;
        this.descriptors = descriptors;
    }

    static Leftovers now() throws IOException {
        // the JDK keeps descriptors from its first selector on
        Selector.open().close();
        return new Leftovers(Thread.getAllStackTraces().keySet(), openDescriptors());
    }

    /** Waits until every new thread of ours and every new socket is gone; a client's close does not wait for its threads. */
    void requireNothingNew(Duration limit) throws IOException, InterruptedException {
        long start = System.nanoTime();
        List<String> left = left();
        while (!left.isEmpty()) {
            if (System.nanoTime() - start > limit.toNanos()) {
                throw new AssertionError("left " + limit + " after close: " + left);
            }
            TimeUnit.MILLISECONDS.sleep(20);
            left = left();
        }
    }

    private List<String> left() throws IOException {
        Stream<String> newThreads = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("cachewire")
                        || !thread.isDaemon() && !threads.contains(thread) && !isTheEndOfMain(thread))
                .map(thread -> "thread " + thread.getName());
        Stream<String> newDescriptors = openDescriptors().entrySet().stream()
                .filter(kind -> kind.getValue() > descriptors.getOrDefault(kind.getKey(), 0))
                .map(kind -> kind.getValue() + " of " + kind.getKey() + ", before it was "
                        + descriptors.getOrDefault(kind.getKey(), 0));
        return Stream.concat(newThreads, newDescriptors).toList();
    }

    private static boolean isTheEndOfMain(Thread thread) {
        return thread.getName().equals("DestroyJavaVM");
    }

    /** How many sockets, selectors and wake-up counters are open. */
    private static Map<String, Integer> openDescriptors() throws IOException {
        Map<String, Integer> kinds = new TreeMap<>();
        if (!Files.isDirectory(DESCRIPTORS)) {
            System.out.println("consumer: descriptors are not checked here, " + DESCRIPTORS + " does not exist");
            return kinds;
        }
        try (Stream<Path> links = Files.list(DESCRIPTORS)) {
            for (Path link : links.toList()) {
                String target = target(link);
                if (target.startsWith("socket:")) {
                    kinds.merge("sockets", 1, Integer::sum);
                } else if (target.startsWith("anon_inode:")) {
                    kinds.merge(target, 1, Integer::sum);
                }
            }
        }
        return kinds;
    }

    /** What a descriptor stands for; empty when it was closed meanwhile, as the one of the listing itself. */
    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException closed) {
            return "";
        }
    }
}
