package io.cachewire.loading;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cachewire.BlockingMemcachedClient;
import io.cachewire.Protocol;
import io.cachewire.fixture.MemcachedServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Rounds of invalidation while another process loads: a read that begins after an invalidation sees nothing older. The database is a number in a file
 * that both processes have mapped. {@code -Dcachewire.loading.rounds=100000} makes the figures of docs/loading.md.
 */
final class InvalidationRoundsTest {
    private static final int ROUNDS = Integer.getInteger("cachewire.loading.rounds", 1500);
    private static final Duration CHECK = Duration.ofMillis(20);

    @TempDir
    Path folder;

    /** What both processes see: the value of the database, the last round that was invalidated, and when each of the last rounds was. */
    private static final class Shared {
        private static final VarHandle LONGS =
                MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());
        private static final int KEPT = 1 << 16;
        private final ByteBuffer bytes;

        Shared(Path file) {
            try (FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                bytes = channel.map(FileChannel.MapMode.READ_WRITE, 0, 8L * (3 + KEPT));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private long at(int index) {
            return (long) LONGS.getVolatile(bytes, 8 * index);
        }

        private void put(int index, long value) {
            LONGS.setVolatile(bytes, 8 * index, value);
        }

        long database() {
            return at(0);
        }

        void write(long value) {
            put(0, value);
        }

        void invalidated(long round) {
            put(3 + (int) (round % KEPT), System.nanoTime());
            put(1, round);
        }

        /** The last round whose invalidation was over so long ago. */
        long invalidatedBefore(long nanos) {
            long now = System.nanoTime();
            long round = at(1);
            while (round > 0 && now - at(3 + (int) (round % KEPT)) < nanos) {
                round--;
            }
            return round;
        }

        void end() {
            put(2, 1);
        }

        boolean isOver() {
            return at(2) != 0;
        }
    }

    private static LoadingCache<Long, Long> view(BlockingMemcachedClient client, boolean forgettable) {
        return LoadingCache.<Long, Long>builder(client, "n:", Long.class)
                .ttl(Duration.ofMinutes(5))
                .forgettable(forgettable)
                .generationCheck(CHECK)
                .build();
    }

    private static BlockingMemcachedClient client(String address, Protocol protocol) {
        return BlockingMemcachedClient.builder(address)
                .protocol(protocol)
                .requestTimeout(Duration.ofSeconds(20))
                .build();
    }

    /** The other process: reads in two threads, and tells how often, or what it should not have seen. */
    static final class Reader {
        private Reader() {}

        public static void main(String[] args) {
            Shared shared = new Shared(Path.of(args[2]));
            boolean forgettable = Boolean.parseBoolean(args[3]);
            try (BlockingMemcachedClient client = client(args[0], Protocol.valueOf(args[1]))) {
                LoadingCache<Long, Long> view = view(client, forgettable);
                view.get(1L, id -> shared.database());
                System.out.println("READY");
                long late = forgettable ? CHECK.toNanos() : 0;
                List<CompletableFuture<Long>> threads = new ArrayList<>();
                for (int i = 0; i < 2; i++) {
                    threads.add(CompletableFuture.supplyAsync(() -> reads(view, shared, late)));
                }
                long reads = threads.stream().mapToLong(CompletableFuture::join).sum();
                System.out.println("READS " + reads + " LOADS " + view.stats().loads() + " NOT-STORED "
                        + view.stats().notStored());
            } catch (RuntimeException | Error e) {
                System.out.println("FAILED " + e);
            }
        }

        /** The value may be old by the time that it is stored. */
        private static long slowly(Shared shared) {
            long value = shared.database();
            long until = System.nanoTime() + ThreadLocalRandom.current().nextLong(300_000);
            while (System.nanoTime() < until) {
                Thread.onSpinWait();
            }
            return value;
        }

        private static long reads(LoadingCache<Long, Long> view, Shared shared, long late) {
            long reads = 0;
            while (!shared.isOver()) {
                long atLeast = shared.invalidatedBefore(late);
                long seen = view.get(1L, id -> slowly(shared));
                if (seen < atLeast) {
                    throw new AssertionError("read " + seen + " after round " + atLeast + " was invalidated");
                }
                reads++;
            }
            return reads;
        }
    }

    private void rounds(Protocol protocol, boolean forgettable) throws IOException {
        Path file = Files.createFile(folder.resolve("database"));
        Shared shared = new Shared(file);
        try (MemcachedServer server = MemcachedServer.start()) {
            String address = server.address().toString();
            Process reader = new ProcessBuilder(
                            System.getProperty("java.home") + "/bin/java",
                            "-Xmx128m",
                            "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                            "-cp",
                            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                            Reader.class.getName(),
                            address,
                            protocol.name(),
                            file.toString(),
                            Boolean.toString(forgettable))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            try (BufferedReader told = reader.inputReader();
                    BlockingMemcachedClient client = client(address, protocol)) {
                assertEquals("READY", told.readLine());
                LoadingCache<Long, Long> view = view(client, forgettable);
                try {
                    for (long round = 1; round <= ROUNDS; round++) {
                        shared.write(round);
                        if (forgettable) {
                            view.invalidateAll();
                        } else {
                            view.invalidate(1L);
                        }
                        shared.invalidated(round);
                        // in the other rounds the other process is the first to load
                        if (round % 2 == 0) {
                            long seen = view.get(1L, id -> shared.database());
                            assertEquals(round, seen);
                        }
                    }
                } finally {
                    shared.end();
                }
                String end = told.lines().collect(Collectors.joining("; "));
                assertTrue(end.startsWith("READS "), end);
                System.out.println(
                        protocol + (forgettable ? " invalidateAll: " : " invalidate: ") + ROUNDS + " rounds, " + end);
            } finally {
                reader.destroyForcibly();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Protocol.class,
            names = {"META", "TEXT", "BINARY"})
    void whatWasInvalidatedIsNotReadAgain(Protocol protocol) throws IOException {
        rounds(protocol, false);
    }

    @Test
    void whatWasForgottenWithAllIsNotReadAfterTheCheck() throws IOException {
        rounds(Protocol.META, true);
    }
}
