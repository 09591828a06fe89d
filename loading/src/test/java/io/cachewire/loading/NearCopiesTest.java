package io.cachewire.loading;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cachewire.BlockingMemcachedClient;
import io.cachewire.Protocol;
import io.cachewire.fixture.MemcachedServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Values that a process keeps near. Two clients stand for two processes. */
final class NearCopiesTest {
    private static final Duration LONG = Duration.ofMinutes(5);
    private static MemcachedServer server;
    private BlockingMemcachedClient client;
    private BlockingMemcachedClient other;

    @BeforeAll
    static void start() {
        server = MemcachedServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void open() {
        client = client(Protocol.AUTO);
        other = client(Protocol.AUTO);
        client.flushAll();
    }

    @AfterEach
    void close() {
        client.close();
        other.close();
    }

    private static BlockingMemcachedClient client(Protocol protocol) {
        return BlockingMemcachedClient.builder(server.address().toString())
                .protocol(protocol)
                .requestTimeout(Duration.ofSeconds(10))
                .build();
    }

    private static LoadingBuilder<Long, String, LoadingCache<Long, String>> builder(
            BlockingMemcachedClient client, Duration staleAtMost) {
        return LoadingCache.<Long, String>builder(client, "user:", String.class)
                .ttl(Duration.ofHours(1))
                .near(1 << 20, staleAtMost);
    }

    private static String read(LoadingCache<Long, String> view) {
        return view.get(1L, id -> "loaded");
    }

    @ParameterizedTest
    @EnumSource(
            value = Protocol.class,
            names = {"META", "TEXT", "BINARY"})
    void aCopyIsReadWithoutTheServerUntilItIsWrittenHere(Protocol protocol) {
        try (BlockingMemcachedClient own = client(protocol)) {
            LoadingCache<Long, String> view =
                    builder(own, LONG).absent(Duration.ofHours(1)).build();
            view.put(1L, "one");
            read(view);
            other.set("user:1", "two");
            assertEquals("one", read(view));
            assertEquals("one", view.async().get(1L, id -> null).join());
            assertEquals(new Cached<>("one"), view.getIfPresent(1L));
            assertEquals(Map.of(1L, "one"), view.getAll(List.of(1L), missing -> Map.of()));
            assertEquals(4, view.stats().nearHits());
            view.put(1L, "three");
            assertEquals("three", read(view));
            view.invalidate(1L);
            assertEquals("loaded", read(view));
            view.put(1L, null);
            assertNull(read(view));
            other.set("user:1", "four");
            assertNull(read(view));
        }
    }

    @Test
    void aWriterInAnotherProcessIsSeenWithinStaleAtMost() {
        Duration limit = Duration.ofMillis(300);
        LoadingCache<Long, String> view = builder(client, limit).build();
        LoadingCache<Long, String> writer = builder(other, limit).build();
        view.put(1L, "old");
        assertEquals("old", read(view));
        writer.put(1L, "new");
        long written = System.nanoTime();
        long lastOld = written;
        while (true) {
            long before = System.nanoTime();
            if (read(view).equals("new")) {
                break;
            }
            lastOld = before;
        }
        assertTrue(lastOld - written <= limit.toNanos(), "old after " + (lastOld - written) + " ns");
    }

    @Test
    void aCopyEndsWithTheFreshPartOfItsValue() {
        LoadingCache<Long, String> view =
                builder(client, LONG).failSafe(Duration.ofHours(1)).build();
        client.set("user:1", "old", Duration.ofHours(1).plusSeconds(3));
        assertEquals("old", read(view));
        assertEquals(0, view.stats().nearHits());
        assertEquals("old", read(view));
        assertEquals(1, view.stats().nearHits());
        client.set("user:1", "new", Duration.ofHours(2));
        await().atMost(Duration.ofSeconds(10)).until(() -> read(view).equals("new"));
    }

    @Test
    void aConnectionThatWasLostVoidsCopies() {
        LoadingCache<Long, String> view = builder(client, LONG).build();
        view.put(1L, "one");
        read(view);
        other.set("user:1", "two");
        assertEquals("one", read(view));
        long changes = client.cluster().changes();
        client.disconnectAll();
        await().atMost(Duration.ofSeconds(10)).until(() -> client.cluster().changes() != changes);
        assertEquals("two", read(view));
    }

    @Test
    void copiesOfAGenerationThatWasForgottenAreNotRead() {
        LoadingCache<Long, String> view =
                builder(client, LONG).forgettable(true).build();
        view.put(1L, "one");
        read(view);
        assertEquals("one", read(view));
        view.invalidateAll();
        assertEquals("loaded", read(view));
    }

    @Test
    void onlyHotValuesAreKeptWhereTheSettingSaysSo() {
        LoadingCache<Long, String> view = LoadingCache.<Long, String>builder(client, "user:", String.class)
                .near(NearSettings.of(1 << 20, LONG).hotOnly(Duration.ofMinutes(1)))
                .build();
        client.set("user:1", "one");
        read(view);
        read(view);
        assertEquals(0, view.stats().nearHits());
        read(view);
        assertEquals(1, view.stats().nearHits());
    }

    @Test
    void whatAReaderChangesIsNotSeenByOthersUnlessValuesAreDecodedOnce() {
        LoadingCache<Long, byte[]> each = LoadingCache.<Long, byte[]>builder(client, "b:", byte[].class)
                .near(1 << 20, LONG)
                .build();
        each.put(1L, new byte[] {1});
        for (int reader = 0; reader < 3; reader++) {
            byte[] own = each.get(1L, id -> null);
            assertArrayEquals(new byte[] {1}, own);
            own[0] = 2;
        }
        assertEquals(2, each.stats().nearHits());
        LoadingCache<Long, byte[]> once = LoadingCache.<Long, byte[]>builder(client, "b:", byte[].class)
                .near(NearSettings.of(1 << 20, LONG).keepDecoded())
                .build();
        once.get(1L, id -> null);
        assertSame(once.get(1L, id -> null), once.get(1L, id -> null));
    }

    @Test
    void copiesTakeAsMuchMemoryAsAllowed() {
        LoadingCache<Long, String> view = LoadingCache.<Long, String>builder(client, "user:", String.class)
                .near(20_000, LONG)
                .build();
        String large = "x".repeat(1000);
        for (long id = 0; id < 200; id++) {
            view.put(id, large);
            view.get(id, any -> null);
        }
        for (long id = 0; id < 200; id++) {
            view.get(id, any -> null);
        }
        long kept = view.stats().nearHits();
        assertTrue(kept <= 20_000 / 1128 + 1, "kept: " + kept);
    }

    @Test
    void settingsThatDoNotFitAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> NearSettings.of(0, LONG));
        assertThrows(IllegalArgumentException.class, () -> NearSettings.of(1, Duration.ZERO));
        try (BlockingMemcachedClient text = client(Protocol.TEXT)) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> LoadingCache.builder(text, "x:", String.class)
                            .near(NearSettings.of(1, LONG).hotOnly(LONG))
                            .build());
        }
    }

    /** One key, written by one thread and read by others: what was written before a read began is what it sees, or something newer. */
    @Test
    void aReadThatBeganBeforeAWriteLeavesNoCopy() {
        int rounds = Integer.getInteger("cachewire.near.rounds", 3000);
        LoadingCache<Long, Long> view = LoadingCache.<Long, Long>builder(client, "n:", Long.class)
                .near(1 << 20, LONG)
                .build();
        AtomicLong written = new AtomicLong();
        AtomicBoolean isOver = new AtomicBoolean();
        view.put(1L, 0L);
        List<CompletableFuture<Long>> readers = List.of(reader(view, written, isOver), reader(view, written, isOver));
        try {
            for (long round = 1; round <= rounds; round++) {
                view.put(1L, round);
                written.set(round);
            }
        } finally {
            isOver.set(true);
        }
        long reads = readers.stream().mapToLong(CompletableFuture::join).sum();
        assertTrue(reads > rounds / 10, "reads: " + reads);
        assertTrue(view.stats().nearHits() > 0);
    }

    private static CompletableFuture<Long> reader(
            LoadingCache<Long, Long> view, AtomicLong written, AtomicBoolean isOver) {
        CompletableFuture<Long> result = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                long reads = 0;
                while (!isOver.get()) {
                    long before = written.get();
                    Long seen = view.get(1L, id -> -1L);
                    if (seen < before) {
                        throw new AssertionError("read " + seen + " after " + before + " was written");
                    }
                    reads++;
                }
                result.complete(reads);
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
        thread.start();
        return result;
    }
}
